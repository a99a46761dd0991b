import type { Model } from './catalog.ts';
import { orderModels, referencesOf } from './order.ts';

/**
 * The version of every model: the hash of its text, of what its `.yml` says, of its audits, and of the versions of all it reads.
 * `given` has those of what is no model: seeds, and what the record reader makes. glue/wellspring/versions.py reckons the same.
 */
export function versionsOf(
  models: ReadonlyMap<string, Model>,
  audits: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
  hash: (texts: readonly string[]) => string,
): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const model of orderModels(models)) {
    const own = [model.sql, model.yml, ...model.spec.audits.map(({ sql }) => audits.get(sql ?? '') ?? '')];
    const read = [...referencesOf(model.sql)].filter((name) => name !== model.name).toSorted();
    const behind = read.flatMap((name) => [name, versions.get(name) ?? given.get(name) ?? '']);
    versions.set(model.name, hash([...own, ...behind]));
  }
  return versions;
}
