import { readCatalog, storedModels, type Model } from '../../../ports/engine/duckdb/catalog.ts';
import { openDatabase, type Database } from '../../../ports/engine/duckdb/database.ts';
import { currentManifest } from '../../../ports/engine/duckdb/manifest.ts';
import { sourceSql } from '../../../ports/engine/duckdb/source.ts';
import { FETCHED as FETCHED_FROM } from '../../../local/sandbox/people.ts';
import type { Row } from '../../../ports/warehouse/warehouse.ts';
import { MODELS } from '../../support/transform.ts';

/**
 * Two ways to the same statements; the same raw objects twice: then not even times may differ; or the same told by providers that went
 * wrong: then what was fetched came in other pages, and deliveries have other ids.
 */
export type Sameness = 'other way' | 'same raw' | 'other pages';

/** Columns that record our own work; `first_seen` is a receive time. */
const OUR_WORK: Readonly<Record<Sameness, readonly string[]>> = {
  'same raw': ['updated_at', 'batch_id', 'model_version'],
  'other way': ['updated_at', 'batch_id', 'model_version', 'received_at', 'first_seen'],
  'other pages': ['updated_at', 'batch_id', 'model_version', 'received_at', 'first_seen', 'delivery_id'],
};
/** Where in an answer a record stood, and so what is made of it. */
const PLACES: readonly string[] = ['raw_key', 'raw_pointer', 'pointer', 'raw_sha256', 'quarantine_id'];
const SHOWN = 5;

const UNDATED = `regexp_replace(raw_key, '^raw/[0-9]{4}-[0-9]{2}-[0-9]{2}/', 'raw/')`;
const FETCHED = `split_part(raw_key, '/', 3) in (${FETCHED_FROM.map((one) => `'${one}'`).join(', ')})`;
/** Raw objects of what everybody is told in the same words; our own facts hold the time they were written. */
const TOLD_ALIKE = `split_part(raw_key, '/', 3) <> 'wellspring' and not ${FETCHED}`;
/** A payload's copies are the payload: of a raw object that came again on a later date the first one counts. */
const FIRST_COPY =
  'qualify row_number() over (partition by account, type, raw_sha256 order by received_at, raw_key) = 1';

function comparable(lake: string, model: Model, sameness: Sameness): string {
  const table = currentManifest(lake)?.tables[model.name];
  if (table === undefined) throw new RangeError(`${lake} has no table ${model.name}.`);
  const columns = Object.keys(model.spec.columns).filter((name) => !OUR_WORK[sameness].includes(name));
  if (sameness === 'same raw') return `select ${columns.join(', ')} from (${sourceSql(lake, table)})`;
  const isRaw = model.name === 'raw_objects';
  const byPage = sameness === 'other pages' && !isRaw && columns.includes('raw_key');
  const cells = columns.map((name) => {
    const cell = name === 'raw_key' ? UNDATED : name;
    return byPage && PLACES.includes(name)
      ? `case when ${TOLD_ALIKE} then ${cell} end as ${name}`
      : `${cell} as ${name}`;
  });
  const alike = isRaw && sameness === 'other pages' ? `where ${TOLD_ALIKE}` : '';
  return `select ${cells.join(', ')} from (select * from (${sourceSql(lake, table)}) ${alike} ${isRaw ? FIRST_COPY : ''})`;
}

async function differencesOf(database: Database, model: Model, expected: string, found: string): Promise<string[]> {
  const { grain } = model.spec;
  const only = async (one: string, other: string): Promise<ReadonlyMap<string, Row>> => {
    const sql = `select * from (${one} except all ${other}) order by ${grain.join(', ')} limit ${SHOWN}`;
    const rows = await database.rows(sql);
    return new Map(rows.map((row) => [grain.map((name) => row[name]).join(' | '), row]));
  };
  const [wanted, there] = [await only(expected, found), await only(found, expected)];
  const keys = [...new Set([...wanted.keys(), ...there.keys()])].slice(0, SHOWN);
  return keys.flatMap((key) => {
    const [left, right] = [wanted.get(key), there.get(key)];
    const where = `${model.name} [${key}]`;
    if (left === undefined || right === undefined) {
      return [`${where}: expected ${JSON.stringify(left ?? null)}, found ${JSON.stringify(right ?? null)}`];
    }
    const names = Object.keys(left).filter((name) => left[name] !== right[name]);
    return names.map(
      (name) => `${where} ${name}: expected ${JSON.stringify(left[name])}, found ${JSON.stringify(right[name])}`,
    );
  });
}

/**
 * In words, where the published tables of the lake `found` differ from those of `expected`, cell by cell. `only`: the rows of a table that
 * are compared, as a condition; undefined leaves the table out.
 */
export async function differences(
  expected: string,
  found: string,
  sameness: Sameness,
  only: (model: Model) => string | undefined = () => 'true',
): Promise<string[]> {
  const database = await openDatabase();
  try {
    const all: string[] = [];
    for (const model of storedModels(readCatalog(MODELS)).filter(({ spec }) => spec.published)) {
      const rows = only(model);
      if (rows === undefined) continue;
      const [one, other] = [expected, found].map(
        (lake) => `select * from (${comparable(lake, model, sameness)}) where ${rows}`,
      );
      all.push(...(await differencesOf(database, model, one ?? '', other ?? '')));
    }
    return all;
  } finally {
    database.close();
  }
}
