import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createFixedClock } from '../../../../ports/clock/fixed.ts';
import { openDatabase } from '../../../../ports/engine/duckdb/database.ts';
import type { ColumnType } from '../../../../ports/iceberg/iceberg.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { TOY_MODELS } from '../../../support/lake.ts';
import { rawObject, type Payload } from '../../../support/raw.ts';
import { openSmallMemory } from '../../../support/small-memory.ts';

/** Unix ms: when the first run begins. */
const NOW = Date.parse('2026-11-21T12:00:00Z');

/** Steps of one day of one toy account, received some minutes after the day before the first run began. */
export function steps(externalId: string, day: string, value: number, minute = 0): Payload {
  const receivedAt = Date.parse('2026-11-20T00:00:00Z') + minute * 60_000;
  return { provider: 'toy', externalId, type: 'steps', receivedAt, data: { rows: [{ day, steps: value }] } };
}

export const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
export const BEN = [userFact('u_ben'), connectionFact('u_ben', 'toy', 'ben')];

/** Beside the toy models one of samples: one of each observation. */
export function writeSamples(models: string): void {
  writeFileSync(path.join(models, 'samples.sql'), 'select user_id, local_date, value from observations');
  writeFileSync(
    path.join(models, 'samples.yml'),
    `description: One row per day.
grain: [user_id, local_date]
partition: user_id
materialized: table
published: true
columns: { user_id: { type: text }, local_date: { type: date }, value: { type: double } }
`,
  );
}

type Toy = ReturnType<typeof openToy>;

/** What another writer would do: adds a column and gives every row a value in it. */
export async function fill(toy: Toy, name: string, columns: Readonly<Record<string, ColumnType>>, cell: string) {
  const table = await toy.catalog.create({ name, columns });
  const added = [];
  const removed = await toy.catalog.files(table);
  const directory = temporaryDirectory();
  const ids = table.columns.map((column) => `${column.name}: ${column.id}`).join(', ');
  const database = await openDatabase();
  for (const { path: address, partition, rows } of removed) {
    const [from, to] = [`${directory}/from.parquet`, `${directory}/to.parquet`];
    await toy.place.fetch(address, from);
    await database.run(
      `copy (select *, ${cell} from read_parquet('${from}')) to '${to}' (format parquet, field_ids {${ids}})`,
    );
    const place = toy.catalog.place(table, partition);
    await toy.place.send(to, place);
    added.push({ path: place, partition, rows, bytes: statSync(to).size });
  }
  database.close();
  await toy.catalog.commit(table, { removed, added });
}

/** A lake in memory with the toy models, unless others are named; `take` stores payloads and runs a batch a minute later than the last. */
export function openToy(models = TOY_MODELS) {
  const clock = createFixedClock(NOW);
  const small = openSmallMemory({ clock, models });
  const store = (payloads: readonly Payload[]): Promise<void> => small.store(payloads.map(rawObject));
  return {
    ...small,
    clock,
    store,
    async take(payloads: readonly Payload[] = [], over: Parameters<typeof small.run>[0] = {}) {
      await store(payloads);
      clock.advance(60_000);
      return small.run(over);
    },
  };
}
