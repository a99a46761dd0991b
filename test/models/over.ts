import { afterAll } from 'vitest';
import { addDays } from '../../app/days.ts';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { materialize, openDatabase } from '../../ports/engine/duckdb/database.ts';
import { bindConstants, runModels } from '../../ports/engine/duckdb/models.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { MODELS } from '../support/transform.ts';

/** A value of one day. */
export interface DayValue {
  readonly day: string;
  readonly metric: string;
  readonly value: number;
}

/** Days before `day` with these values, the nearest first; null is a day without one. */
export function before(day: string, metric: string, values: readonly (number | null)[]): DayValue[] {
  return values.flatMap((value, n) => (value === null ? [] : [{ day: addDays(day, -1 - n), metric, value }]));
}

/** These values in turn, `count` in all. */
export function inTurn(count: number, ...values: readonly number[]): number[] {
  return Array.from({ length: count }, (_, n) => values[n % values.length] ?? NaN);
}

const opened: { close(): void }[] = [];
afterAll(() => {
  for (const database of opened.splice(0)) database.close();
});

/** A mart computed over `daily_metrics` of people with these values, by their ids; `imperial` names who reads such units. */
export async function over(
  mart: string,
  people: Readonly<Record<string, readonly DayValue[]>>,
  { imperial = [] }: { readonly imperial?: readonly string[] } = {},
): Promise<(sql: string) => Promise<readonly Row[]>> {
  const catalog = readCatalog(MODELS);
  const database = await openDatabase();
  opened.push(database);
  await bindConstants(database, catalog, { batchId: 'b', now: 0 });
  const rows = Object.entries({ ...people, nobody: [{ day: '1970-01-01', metric: 'steps', value: 0 }] }).flatMap(
    ([user, values]) => values.map(({ day, metric, value }) => `('${user}', date '${day}', '${metric}', ${value}e0)`),
  );
  const daily = `select * from (values ${rows.join(', ')}) as t(user_id, local_date, metric, value)`;
  await materialize(database, 'daily_metrics', `${daily} where user_id <> 'nobody'`);
  const units = ['nobody', ...imperial].map((user) => `('${user}', 'imperial', 1, 1)`);
  await materialize(
    database,
    'stg_wellspring__users',
    `select * from (values ${units.join(', ')}) as t(user_id, units, effective_ms, sequence_n)`,
  );
  await runModels(database, catalog, { roots: [mart], bound: ['daily_metrics', 'stg_wellspring__users'] });
  return (sql) => database.rows(sql);
}
