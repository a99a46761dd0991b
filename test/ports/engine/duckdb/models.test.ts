import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PortError } from '../../../../ports/errors.ts';
import { steps } from '../../../contract/engine.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, TOY_MODELS } from '../../../support/lake.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)];

/** A lake over a copy of the toy models, and a way to change one of its files. */
function openChangeable() {
  const models = join(temporaryDirectory(), 'models');
  cpSync(TOY_MODELS, models, { recursive: true });
  const change = (file: string, edit: (text: string) => string): void => {
    writeFileSync(join(models, file), edit(readFileSync(join(models, file), 'utf8')));
  };
  return { ...openLake({ models }), change };
}

const twice = (sql: string): string =>
  `${sql.replace('t.title,', 'nullif(t.title, t.title) as title,')} union all select * from final`;

/** The same with a day of ten steps published. */
async function openPublished() {
  const lake = openChangeable();
  await lake.batch(ANNA);
  return { ...lake, finished: await lake.engine.lastFinished() };
}

/** Why a batch that corrects the day failed, as `code: message`; what was published before is still there, and it alone. */
async function refusal(lake: Awaited<ReturnType<typeof openPublished>>): Promise<string> {
  const failed: unknown = await lake.batch([steps('anna', '2026-01-01', 20)]).catch((error: unknown) => error);
  expect(lake.finished).toBeDefined();
  expect(await lake.engine.lastFinished()).toEqual(lake.finished);
  // Read by the models as they were: those of now may say nothing.
  const published = openLake({ directory: lake.directory });
  expect(await published.query('select value from daily_metrics')).toEqual([{ value: 10 }]);
  return failed instanceof PortError ? `${failed.code}: ${failed.message}` : String(failed);
}

describe('changed models', () => {
  test('recompute everybody on the next batch, also without new objects', async () => {
    const lake = openChangeable();
    await lake.batch(ANNA);
    lake.change('daily_metrics.sql', (sql) => sql.replace('sum(cast(floor(o.value', 'sum(2 * cast(floor(o.value'));
    expect(await lake.batch()).toMatchObject({ published: true, users: ['u_anna'] });
    expect(await lake.query('select value from daily_metrics')).toEqual([{ value: 20 }]);
    expect(await lake.batch()).toMatchObject({ published: false });
  });

  test('with a reader for a type that was refused release what they now accept', async () => {
    const lake = openChangeable();
    const mood = { ...steps('anna', '2026-01-05', 3), type: 'moods' };
    await lake.batch([...ANNA, mood]);
    expect(await lake.query(`select state from raw_objects where type = 'toy.moods'`)).toEqual([{ state: 'refused' }]);
    lake.change('records.csv', (csv) => `${csv}toy.moods,reading,$.rows[*],,,day,record,,,\n`);
    await lake.batch();
    expect(await lake.query(`select state, n_records from raw_objects where type = 'toy.moods'`)).toEqual([
      { state: 'processed', n_records: 1 },
    ]);
    expect(await lake.query('select local_date, value from daily_metrics order by 1')).toEqual([
      { local_date: '2026-01-01', value: 10 },
      { local_date: '2026-01-05', value: 3 },
    ]);
    expect(await lake.compare()).toEqual([]);
  });
});

describe('what a batch refuses to publish', () => {
  test('rows an audit in SQL selects', async () => {
    const lake = await openPublished();
    lake.change('audits/daily_metrics_not_negative.sql', () => 'select * from daily_metrics where value = 20;\n');
    expect(await refusal(lake)).toBe(
      'audit_failed: daily_metrics: the audit "daily_metrics_not_negative" found 1 rows',
    );
  });

  test('rows that are not unique, missing or not among the accepted values', async () => {
    for (const [audit, name] of [
      ['unique: [metric]', 'unique metric'],
      ['not_null: [title]', 'not_null title'],
      ['accepted: { title: [Stairs] }', 'accepted title'],
    ]) {
      const lake = await openPublished();
      if (name !== 'accepted title') lake.change('daily_metrics.sql', twice);
      lake.change('daily_metrics.yml', (yml) => `${yml}\n`.replace('- sql: daily_metrics_not_negative', `- ${audit}`));
      const found = name === 'not_null title' ? 2 : 1;
      expect(await refusal(lake)).toBe(`audit_failed: daily_metrics: the audit "${name}" found ${found} rows`);
    }
  });

  test('but not what an audit that does not block finds', async () => {
    const lake = openChangeable();
    lake.change('audits/daily_metrics_not_negative.sql', () => 'select * from daily_metrics');
    lake.change('daily_metrics.yml', (yml) => yml.replace('negative', 'negative\n    blocking: false'));
    expect(await lake.batch(ANNA)).toMatchObject({ published: true });
  });

  test('columns that are not as the .yml says', async () => {
    const lake = await openPublished();
    lake.change('daily_metrics.yml', (yml) => yml.replace('value: { type: double }', 'value: { type: bigint }'));
    expect(await refusal(lake)).toBe(
      `schema_mismatch: daily_metrics: column 5 is 'value DOUBLE', its .yml says 'value BIGINT'`,
    );
  });

  test('models that read each other in a circle', async () => {
    const lake = await openPublished();
    lake.change('observations.sql', (sql) =>
      sql.replace('from ranked', 'from ranked cross join (select 1 as one from daily_metrics) d'),
    );
    expect(await refusal(lake)).toBe(
      'model_cycle: models read each other: daily_metrics → observations → daily_metrics',
    );
  });

  test('a model DuckDB does not understand, and it is named', async () => {
    const lake = await openPublished();
    lake.change('observations.sql', () => 'select nothing from nowhere');
    expect(await refusal(lake)).toMatch(/^model_failed: the model observations failed/);
  });

  test('a model that fails over a row, and the row stays out of the message', async () => {
    const lake = await openPublished();
    lake.change('daily_metrics.sql', (sql) =>
      sql.replace('t.title,', `cast('secret' || sum(o.value) as int) as title,`),
    );
    expect(await refusal(lake)).toBe('model_failed: the model daily_metrics failed: Conversion Error');
  });

  test('rows of a person the batch is not about', async () => {
    const lake = await openPublished();
    lake.change('daily_metrics.sql', (sql) =>
      sql.replace('o.user_id, o.local_date', `'u_other' as user_id, o.local_date`).replace('by o.user_id, ', 'by '),
    );
    expect(await refusal(lake)).toMatch(/^out_of_scope: daily_metrics /);
  });

  test('a .yml that is no YAML or says something unknown, and the file is named', async () => {
    for (const text of ['columns: { a: { unit: % } }', 'materialized: cube']) {
      const lake = await openPublished();
      lake.change('daily_metrics.yml', () => text);
      expect(await refusal(lake)).toMatch(/^invalid_model: daily_metrics.yml: /);
    }
  });
});
