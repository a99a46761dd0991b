import { readCatalog, storedModels, type Model } from '../../../ports/engine/duckdb/catalog.ts';
import { openDatabase, type Database } from '../../../ports/engine/duckdb/database.ts';
import { currentManifest } from '../../../ports/engine/duckdb/manifest.ts';
import { sourceSql } from '../../../ports/engine/duckdb/source.ts';
import type { Row } from '../../../ports/warehouse/warehouse.ts';
import { MODELS } from '../../support/transform.ts';

/** What may differ between two lakes: everything that tells when, or only which batch made a row. */
export type Sameness = 'other way' | 'same raw';

/** Columns that record our own work; `first_seen` is a receive time. */
const OUR_WORK: Readonly<Record<Sameness, readonly string[]>> = {
  'same raw': ['updated_at', 'batch_id', 'model_version'],
  'other way': ['updated_at', 'batch_id', 'model_version', 'received_at', 'first_seen'],
};
const SHOWN = 5;

const UNDATED = `regexp_replace(raw_key, '^raw/[0-9]{4}-[0-9]{2}-[0-9]{2}/', 'raw/')`;
/** A payload's copies are the payload: of a raw object that came again on a later date the first one counts. */
const FIRST_COPY =
  'qualify row_number() over (partition by account, type, raw_sha256 order by received_at, raw_key) = 1';

function comparable(lake: string, model: Model, sameness: Sameness): string {
  const table = currentManifest(lake)?.tables[model.name];
  if (table === undefined) throw new RangeError(`${lake} has no table ${model.name}.`);
  const columns = Object.keys(model.spec.columns).filter((name) => !OUR_WORK[sameness].includes(name));
  if (sameness === 'same raw') return `select ${columns.join(', ')} from (${sourceSql(lake, table)})`;
  const cells = columns.map((name) => (name === 'raw_key' ? `${UNDATED} as raw_key` : name));
  const copies = model.name === 'raw_objects' ? FIRST_COPY : '';
  return `select ${cells.join(', ')} from (select * from (${sourceSql(lake, table)}) ${copies})`;
}

async function differencesOf(database: Database, model: Model, a: string, b: string): Promise<string[]> {
  const grain = model.spec.grain.join(', ');
  const only = (first: string, second: string): Promise<readonly Row[]> =>
    database.rows(`select * from (${first} except all ${second}) order by ${grain} limit ${SHOWN}`);
  const [ours, theirs] = [await only(a, b), await only(b, a)];
  const keyOf = (row: Row): string => model.spec.grain.map((name) => row[name]).join(' | ');
  const matched = new Map(theirs.map((row) => [keyOf(row), row]));
  const keys = new Set([...ours, ...theirs].map(keyOf));
  const mine = new Map(ours.map((row) => [keyOf(row), row]));
  return [...keys].slice(0, SHOWN).flatMap((key) => {
    const [left, right] = [mine.get(key), matched.get(key)];
    const where = `${model.name} [${key}]`;
    if (left === undefined || right === undefined) {
      const [side, row] = left === undefined ? ['only there', right] : ['missing there', left];
      return [`${where} ${side}: ${JSON.stringify(row)}`];
    }
    const names = Object.keys(left).filter((name) => left[name] !== right[name]);
    return names.map((name) => `${where} ${name}: ${JSON.stringify(left[name])}, there ${JSON.stringify(right[name])}`);
  });
}

/** In words, where the published tables of two lakes differ, cell by cell; `there` is the second one. */
export async function differences(one: string, other: string, sameness: Sameness): Promise<string[]> {
  const database = await openDatabase();
  try {
    const found: string[] = [];
    for (const model of storedModels(readCatalog(MODELS)).filter(({ spec }) => spec.published)) {
      const [a, b] = [comparable(one, model, sameness), comparable(other, model, sameness)];
      found.push(...(await differencesOf(database, model, a, b)));
    }
    return found;
  } finally {
    database.close();
  }
}
