import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createAthenaWarehouse } from '../../ports/warehouse/athena.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import { type Ending, type PlayedAthena, startAthena } from '../support/athena.ts';
import { openLiveAthena } from '../support/athena-live.ts';
import { isLive } from '../support/aws.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { openLake, TOY_MODELS } from '../support/lake.ts';
import { describeTrino } from '../support/trino.ts';
import { steps } from './engine.ts';
import { warehouseContract } from './warehouse.ts';

// Not as skipped: nothing is left out of a run that nobody asked to go to AWS.
if (isLive) describe('on Athena itself', () => warehouseContract('athena', openLiveAthena));

describeTrino('on a played Athena', () => {
  let athena: PlayedAthena;
  beforeAll(async () => {
    // The names of the columns and two rows a page.
    athena = await startAthena({ pageRows: 3 });
  });
  afterAll(() => athena.stop());

  function open(ending?: Ending, timeoutMs?: number) {
    const lake = openLake();
    const { directory } = lake;
    athena.play({ directory, console: createDuckDbWarehouse({ directory, modelsDirectory: TOY_MODELS }) }, ending);
    const warehouse = createAthenaWarehouse({
      workGroup: 'people',
      database: 'lake',
      clock: createSystemClock(),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      connection: athena.connection,
    });
    return { lake, warehouse };
  }

  warehouseContract('athena', () => open());

  const SECRET = 'u_anna';
  const query = { name: 'days', sql: 'select value from daily_metrics where user_id = $user' };
  const ask = (ending: Ending, timeoutMs?: number) => open(ending, timeoutMs).warehouse.run(query, { user: SECRET });

  test.each([
    [
      'query_failed',
      { State: 'FAILED', StateChangeReason: `line 1: ${SECRET}`, AthenaError: { ErrorCategory: 2, ErrorType: 1006 } },
    ],
    ['query_failed', { State: 'FAILED', StateChangeReason: `of ${SECRET}: TABLE_NOT_FOUND` }],
    ['query_failed', { State: 'FAILED', StateChangeReason: `SCHEMA_NOT_FOUND: ${SECRET}` }],
    ['query_cancelled', { State: 'CANCELLED', StateChangeReason: `by ${SECRET}` }],
    ['scan_limit', { State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' }],
  ])('%s tells the query and nothing that was asked or found', async (code, ending) => {
    const error: unknown = await ask(ending).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining('The query days (q'),
      remedy: expect.any(String),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });

  test('a query nobody waits for any more is stopped', async () => {
    athena.calls.length = 0;
    await expect(ask('never', 300)).rejects.toMatchObject({ code: 'query_timeout' });
    // Started, asked at 0, 150 and 300 ms, stopped.
    const operations = athena.calls.map(({ operation }) => operation);
    expect([operations[0], operations.at(-1)]).toEqual(['StartQueryExecution', 'StopQueryExecution']);
    expect(operations.filter((operation) => operation === 'GetQueryExecution').length).toBeLessThanOrEqual(4);
  });

  test('what AWS refuses is told by its name alone', async () => {
    const warehouse = createAthenaWarehouse({
      workGroup: 'another',
      database: 'lake',
      clock: createSystemClock(),
      connection: athena.connection,
    });
    await expect(warehouse.run(query, { user: SECRET })).rejects.toMatchObject({
      code: 'storage_failed',
      message: 'A query of Athena failed: InvalidRequestException (400).',
      cause: undefined,
    });
  });

  test('a name that stands twice is given twice, in order of appearance, and the text holds no value', async () => {
    const { lake, warehouse } = open();
    await lake.batch([userFact(SECRET), connectionFact(SECRET, 'toy', 'anna'), steps('anna', '2026-01-01', 10)]);
    athena.calls.length = 0;
    const sql = 'select value from daily_metrics where user_id = $user and value < $most and user_id = $user';
    await warehouse.run({ name: 'twice', sql }, { most: 2.5e9, user: SECRET });
    expect(athena.calls[0]?.input).toMatchObject({
      QueryString: 'select value from daily_metrics where user_id = ? and value < ? and user_id = ?',
      ExecutionParameters: [`'${SECRET}'`, '2500000000', `'${SECRET}'`],
    });
  });

  test('a text longer than Athena takes is refused before it is asked', async () => {
    const { warehouse } = open();
    athena.calls.length = 0;
    await expect(warehouse.run(query, { user: 'x'.repeat(1023) })).rejects.toMatchObject({ code: 'wrong_parameters' });
    expect(athena.calls).toEqual([]);
  });

  test.each([
    'select any_value(value) as v from daily_metrics',
    'select local_date + 1 as next from daily_metrics',
    `select value from daily_metrics where local_date > '2026-01-01'`,
    'select metric from daily_metrics group by all',
    'select nothing from daily_metrics',
    // Only before the first batch is a table that is not there an empty one.
    'select value from daily_matrics',
  ])('text Trino would not take is refused by the played one: %s', async (sql) => {
    const { lake, warehouse } = open();
    await lake.batch([userFact(SECRET)]);
    await expect(warehouse.run({ name: 'wrong', sql })).rejects.toMatchObject({ code: 'query_failed' });
  });
});
