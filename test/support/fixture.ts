import { readFileSync } from 'node:fs';

/** The text of a recorded payload: `fixture('garmin/spec-push-sleeps.json')`. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
}
