import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { steps } from '../../../contract/engine.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, TOY_MODELS } from '../../../support/lake.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)];

const ADDED = { sql: 't.title, cast(null as double) as goal,', yml: 'title: { type: text }\n  goal: { type: double }' };

/** Publishes one day with the toy models, then changes what the daily model selects and states. */
async function afterAddingGoal(goal: string) {
  const models = join(temporaryDirectory(), 'models');
  cpSync(TOY_MODELS, models, { recursive: true });
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(models, file), 'utf8');
    writeFileSync(join(models, file), text.replace(from, to));
  };
  const lake = openLake({ models });
  await lake.batch(ANNA);
  edit('daily_metrics.sql', 't.title,', ADDED.sql.replace('null', goal));
  edit('daily_metrics.yml', 'title: { type: text }', ADDED.yml);
  return lake;
}

test('a column that is new since the last batch is compared as if it had been empty', async () => {
  const lake = await afterAddingGoal('12');
  expect(await lake.compare()).toEqual([
    {
      table: 'daily_metrics',
      column: 'goal',
      user_id: 'u_anna',
      local_date: '2026-01-01',
      metric: 'steps',
      before: null,
      after: 12,
      model: 'daily_metrics',
    },
  ]);
});

test('a new column without a value changes no cell', async () => {
  expect(await (await afterAddingGoal('null')).compare()).toEqual([]);
});
