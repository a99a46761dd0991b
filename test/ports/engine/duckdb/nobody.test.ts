import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountOf } from '../../../../providers/kit/account.ts';
import { steps } from '../../../contract/engine.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, TOY_MODELS } from '../../../support/lake.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)];
const BEN = [userFact('u_ben'), connectionFact('u_ben', 'toy', 'ben'), steps('ben', '2026-01-01', 20)];
const ABOUT_NOBODY = `description: One row per metric.
grain: [metric]
materialized: table
published: true
columns:
  metric: { type: text }
  title: { type: text }
`;

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(folder, 'dim_metric')).filter((name) => name.endsWith('.parquet'));

/** A lake whose models have a table of the seeds alone, and the files it is in. */
function openWithTitles() {
  const models = join(temporaryDirectory(), 'models');
  cpSync(TOY_MODELS, models, { recursive: true });
  const say = (title: string) =>
    writeFileSync(
      join(models, 'dim_metric.sql'),
      `with final as (select metric, ${title} as title from titles)\nselect * from final`,
    );
  writeFileSync(join(models, 'dim_metric.yml'), ABOUT_NOBODY);
  say('title');
  const lake = openLake({ models });
  return {
    lake,
    say,
    files: () => filesBelow(lake.directory),
    linked: () => filesBelow(join(lake.directory, '..', 'tables')),
  };
}

const commit = (change: () => void) => Promise.resolve((change(), true));

test('a table of nobody is written once for all batches by the same models, and anew by others', async () => {
  const { lake, say, files, linked } = openWithTitles();
  const rows = () => lake.query('select * from dim_metric');
  await lake.batch(ANNA);
  await lake.batch(BEN);
  expect(await rows()).toEqual([{ metric: 'steps', title: 'Steps' }]);
  expect(files()).toEqual(['b1.parquet']);
  expect(linked()).toEqual(['b1.parquet']);
  say(`'Footsteps'`);
  await lake.batch([steps('ben', '2026-01-02', 30)]);
  expect(await rows()).toEqual([{ metric: 'steps', title: 'Footsteps' }]);
  expect(linked()).toEqual(['b3.parquet']);
  await lake.rebuild();
  expect(linked()).toEqual(['b4.parquet']);
});

test('a table of nobody stays when somebody is forgotten, and is in nobody’s export', async () => {
  const { lake } = openWithTitles();
  await lake.batch([...ANNA, ...BEN]);
  const tables: string[] = [];
  for await (const { table } of lake.engine.extract('u_anna')) tables.push(table);
  expect(tables).not.toContain('dim_metric');
  const accounts = ANNA.map(({ provider, externalId = '' }) => accountOf(provider, externalId));
  const erasure = { users: ['u_anna'], accounts, keys: [] };
  expect(Object.keys(await lake.engine.countErasure(erasure))).not.toContain('dim_metric');
  await lake.engine.erase(erasure, { batchId: 'b_erase', now: Date.parse('2026-11-02T00:00:00Z'), commit });
  expect(await lake.query('select * from dim_metric')).toEqual([{ metric: 'steps', title: 'Steps' }]);
});
