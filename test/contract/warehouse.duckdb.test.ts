import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { openLake, TOY_MODELS } from '../support/lake.ts';
import { steps } from './engine.ts';
import { warehouseContract } from './warehouse.ts';

const open = () => {
  const lake = openLake();
  return { lake, warehouse: createDuckDbWarehouse({ directory: lake.directory, modelsDirectory: TOY_MODELS }) };
};

warehouseContract('duckdb', open);

test('a query that began before a batch goes on over what it began with, and the next one sees the batch', async () => {
  const { lake, warehouse } = open();
  const sum = { name: 'sum', sql: 'select sum(value) as total, count(*) as n from daily_metrics' };
  await lake.batch([userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)]);
  const answers = [warehouse.run(sum)];
  for (const minute of [2, 3]) {
    await lake.batch([steps('anna', `2026-01-0${minute}`, 10, minute)]);
    answers.push(warehouse.run(sum), warehouse.run(sum));
  }
  const totals = (await Promise.all(answers)).map(([row]) => [row?.['total'], row?.['n']]);
  expect(totals).toEqual([
    [10, 1],
    [20, 2],
    [20, 2],
    [30, 3],
    [30, 3],
  ]);
});

describe('the console', () => {
  test('answers names, types and rows of any one reading statement', async () => {
    const { lake, warehouse } = open();
    await lake.batch([userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)]);
    expect(await warehouse.query('select local_date, value from daily_metrics')).toEqual({
      columns: [
        { name: 'local_date', type: 'DATE' },
        { name: 'value', type: 'DOUBLE' },
      ],
      rows: [{ local_date: '2026-01-01', value: 10 }],
    });
    for (const sql of [
      'describe daily_metrics',
      'summarize daily_metrics',
      'from daily_metrics',
      'with a as (select 1 as b) select b from a;',
      'explain select 1',
      'values (1)',
    ]) {
      expect((await warehouse.query(sql)).rows.length, sql).toBeGreaterThan(0);
    }
    expect((await warehouse.query('select [1, 2] as list, {a: 1} as struct')).rows).toEqual([
      { list: '[1,2]', struct: '{"a":1}' },
    ]);
  });

  test('refuses whatever writes, changes settings or is more than one statement', async () => {
    const { lake, warehouse } = open();
    await lake.batch([userFact('u_anna')]);
    const out = join(temporaryDirectory(), 'out.csv');
    for (const sql of [
      `copy daily_metrics to '${out}'`,
      `copy (select 1) to '${join(lake.directory, 'current')}'`,
      `attach '${out}' as other`,
      'create table t as select 1',
      'insert into daily_metrics select * from daily_metrics',
      'with a as (select 1) insert into t select * from a',
      'delete from daily_metrics',
      'drop view daily_metrics',
      `set memory_limit = '1MB'`,
      'reset lock_configuration',
      'install httpfs',
      'load httpfs',
      'checkpoint',
      'select 1; select 2',
      `select 1; copy daily_metrics to '${out}'`,
      'selec nonsense',
      '',
    ]) {
      await expect(warehouse.query(sql), sql).rejects.toMatchObject({ code: 'query_refused' });
    }
  });

  test('says what a statement that fails failed of', async () => {
    const { warehouse } = open();
    const failed = warehouse.query(`select cast(a as int) from (values ('x')) as t(a)`);
    await expect(failed).rejects.toMatchObject({ code: 'query_failed' });
  });

  test('reads nothing of this machine outside the lake', async () => {
    const { lake, warehouse } = open();
    await lake.batch([userFact('u_anna')]);
    const secret = join(temporaryDirectory(), 'secret.txt');
    writeFileSync(secret, 'secret');
    for (const sql of [
      `select * from read_text('${secret}')`,
      `select * from '${secret}'`,
      `select * from read_csv('${secret}')`,
      `select * from glob('${join(secret, '..')}/*')`,
      `select * from read_text('${join(lake.directory, '..', '..')}/*')`,
      `select * from read_text('/etc/passwd')`,
      `select * from query('copy (select 1) to ''${secret}''')`,
    ]) {
      const answer = await warehouse.query(sql).then(
        (table) => JSON.stringify(table.rows),
        () => 'refused',
      );
      expect(['refused', '[]'], sql).toContain(answer);
    }
  });
});
