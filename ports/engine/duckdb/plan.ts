import { storedModels, type Catalog, type Model } from './catalog.ts';
import { DATES } from './dates.ts';
import type { Manifest } from './manifest.ts';
import { referencesOf } from './order.ts';
import { OWNERS } from './owners.ts';
import { sourceSql } from './source.ts';

/** What of the models a batch makes anew, and out of what. */
export interface Plan {
  /** The stored models whose rows are made. */
  readonly names: readonly string[];
  /** These, and what their audits read. */
  readonly roots: readonly string[];
  /** The models whose audits are asked. */
  readonly audited: readonly string[];
  /** A select by name of every stored model whose rows are what they would be made again. */
  readonly stored: ReadonlyMap<string, string>;
  /** Whether objects and owners are stored anew as well. */
  readonly reads: boolean;
  /** Whether records are, with the days they are of. */
  readonly dates: boolean;
}

/** Whether a published table was made by this version of its model. */
function isCurrent(catalog: Catalog, manifest: Manifest, name: string): boolean {
  const version = manifest.tables[name]?.version;
  return version !== undefined && version === catalog.versions.get(name);
}

const storedAs = (models: readonly Model[], manifest: Manifest, directory: string): ReadonlyMap<string, string> =>
  new Map(
    models.flatMap(({ name }) => {
      const table = manifest.tables[name];
      return table === undefined ? [] : [[name, sourceSql(directory, table)] as const];
    }),
  );

/** Everything anew. */
export function planAll(catalog: Catalog): Plan {
  const every = [...catalog.models.keys()];
  const names = storedModels(catalog).map(({ name }) => name);
  return { names, roots: every, audited: every, stored: new Map(), reads: true, dates: true };
}

/** Everything anew, beside what is stored. */
export const planComparison = (catalog: Catalog): Plan => ({ ...planAll(catalog), reads: false, dates: false });

/** For a batch about some people: all but the tables about nobody, which no data change. */
export function planPeople(catalog: Catalog, manifest: Manifest, directory: string): Plan {
  const models = storedModels(catalog);
  const isKept = ({ name, spec }: Model): boolean => spec.partition === undefined && isCurrent(catalog, manifest, name);
  const stored = storedAs(models.filter(isKept), manifest, directory);
  const others = [...catalog.models.keys()].filter((name) => !stored.has(name));
  const names = models.map(({ name }) => name).filter((name) => !stored.has(name));
  return { names, roots: others, audited: others, stored, reads: true, dates: true };
}

/**
 * What other models than those of the last batch change. Undefined where everything has to be made anew: other lines of `records.csv`,
 * or another idea of whose an account is.
 */
export function planRenewal(catalog: Catalog, manifest: Manifest, directory: string): Plan | undefined {
  const isReadAlike = manifest.readers_version === catalog.readersVersion;
  if (!isReadAlike || !isCurrent(catalog, manifest, OWNERS)) return undefined;
  const models = storedModels(catalog);
  const kept = models.filter(({ name }) => isCurrent(catalog, manifest, name));
  const changed = models.filter((model) => !kept.includes(model));
  const audits = changed.flatMap(({ spec }) =>
    spec.audits.flatMap(({ sql }) => [...referencesOf(catalog.audits.get(sql ?? '') ?? '')]),
  );
  const names = changed.map(({ name }) => name);
  const stored = storedAs(kept, manifest, directory);
  const dates = manifest.tables['records']?.version !== catalog.versions.get(DATES);
  const roots = [...names, ...audits, ...(dates ? [DATES] : [])];
  return { names, roots, audited: names, stored, reads: false, dates };
}
