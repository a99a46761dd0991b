import { readdirSync, readFileSync } from 'node:fs';

/** The text of a recorded payload: `fixture('garmin/spec-push-sleeps.json')`. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
}

/** The texts of all JSON files recorded of one provider, in the order of their names. */
export function recordedBy(provider: string): readonly string[] {
  const names = readdirSync(new URL(`../fixtures/${provider}/`, import.meta.url));
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  return files.map((name) => fixture(`${provider}/${name}`));
}
