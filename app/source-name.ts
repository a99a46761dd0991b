import { findProvider } from '../providers/index.ts';

/** A source as a person knows it: `garmin/Forerunner 265` is "Garmin (Forerunner 265)". */
export function sourceName(source: string): string {
  const slash = source.indexOf('/');
  const provider = slash < 0 ? source : source.slice(0, slash);
  const name = findProvider(provider)?.name ?? provider;
  return slash < 0 ? name : `${name} (${source.slice(slash + 1)})`;
}
