import type { BatchRequest } from '../engine.ts';
import { datesSql } from './bronze.ts';
import { columnOf, materialize, type Database } from './database.ts';
import { takeIn } from './intake.ts';

/** Where documents come from. */
export interface Bringing extends Pick<BatchRequest, 'load'> {
  /** A select of the documents kept of raw dates: raw_key, document; absent where none are. */
  readonly documents?: ((dates: readonly string[]) => string) | undefined;
}

const LOAD_AT_ONCE = 32;

/** Takes documents into `incoming` by the keys of a select: those kept, else as raw has them; one that is gone is left out. */
export async function bring(database: Database, { documents, load }: Bringing, select: string): Promise<void> {
  const missing = 'select raw_key from asked where raw_key not in (select raw_key from incoming)';
  await materialize(database, 'asked', select);
  const dates = await columnOf(database, datesSql('select raw_key from asked'));
  if (documents !== undefined && dates.length > 0) {
    const kept = documents(dates);
    await database.run(`insert into incoming select raw_key, document from (${kept}) d where raw_key in (${missing})`);
  }
  const keys = await columnOf(database, `${missing} order by 1`);
  for (let i = 0; i < keys.length; i += LOAD_AT_ONCE) {
    const some = keys.slice(i, i + LOAD_AT_ONCE);
    const loaded = await Promise.all(some.map(async (key) => ({ key, document: await load(key) })));
    await takeIn(
      database,
      loaded.flatMap(({ key, document }) => (document === undefined ? [] : [{ key, document }])),
    );
  }
}
