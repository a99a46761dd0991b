import { storedModels, type Catalog } from './catalog.ts';
import type { Manifest } from './manifest.ts';
import { referencesOf } from './order.ts';
import { OWNERS } from './owners.ts';
import { sourceSql } from './source.ts';

/** What a change of models makes anew of everybody, out of what is stored. */
export interface Renewal {
  /** The stored models whose rows other versions made. */
  readonly names: readonly string[];
  /** These, and what their audits read. */
  readonly roots: readonly string[];
  /** A select by name of every stored model whose rows are what they would be made again. */
  readonly stored: ReadonlyMap<string, string>;
}

/** Whether a published table was made by this version of its model, with the columns it states now. */
function isCurrent(catalog: Catalog, manifest: Manifest, name: string): boolean {
  const version = manifest.tables[name]?.version;
  return version !== undefined && version === catalog.versions.get(name);
}

/**
 * What other models than those of the last batch change. Undefined where everything has to be made anew: other lines of `records.csv`,
 * or another idea of whose an account is.
 */
export function planRenewal(catalog: Catalog, manifest: Manifest, directory: string): Renewal | undefined {
  const isReadAlike = manifest.readers_version === catalog.readersVersion;
  if (!isReadAlike || !isCurrent(catalog, manifest, OWNERS)) return undefined;
  const models = storedModels(catalog);
  const names = models.map(({ name }) => name).filter((name) => !isCurrent(catalog, manifest, name));
  const audits = models
    .filter(({ name }) => names.includes(name))
    .flatMap(({ spec }) => spec.audits.flatMap(({ sql }) => [...referencesOf(catalog.audits.get(sql ?? '') ?? '')]));
  const kept = models.filter(({ name }) => !names.includes(name));
  return {
    names,
    roots: [...names, ...audits],
    stored: new Map(
      kept.flatMap(({ name }) => {
        const table = manifest.tables[name];
        return table === undefined ? [] : [[name, sourceSql(directory, table)] as const];
      }),
    ),
  };
}
