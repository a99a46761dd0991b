import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { steps } from '../../../contract/engine.ts';
import { currentManifest } from '../../../../ports/engine/duckdb/manifest.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import { openToyModels } from '../../../support/toy-models.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)];

/** A lake with Anna's day, whose models can be changed. */
async function published() {
  const { models, edit } = openToyModels();
  const lake = openLake({ models });
  await lake.batch(ANNA);
  return { lake, models, edit };
}

/** The files of each published table. */
function filesOf({ directory }: Lake): Record<string, readonly string[]> {
  const tables = Object.entries(currentManifest(directory)?.tables ?? {});
  return Object.fromEntries(tables.map(([name, table]) => [name, table.files.map((file) => file.path)]));
}

/** The tables whose files are others than before, `batches` aside. */
function rewritten(before: Record<string, readonly string[]>, after: Record<string, readonly string[]>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== 'batches');
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).toSorted();
}

test('a changed mart is made anew from what is stored, and nothing else is written', async () => {
  const { lake, edit } = await published();
  const before = filesOf(lake);
  edit('daily_metrics.sql', 'sum(cast(floor(o.value *', 'sum(cast(floor(o.value * 2e0 *');
  expect(await lake.engine.isOutdated()).toBe(true);
  expect(await lake.batch()).toMatchObject({ published: true, objects: 0 });
  expect(rewritten(before, filesOf(lake))).toEqual(['daily_metrics']);
  // Ten steps, twice.
  expect(await lake.query('select value from daily_metrics')).toEqual([{ value: 20 }]);
  expect(await lake.engine.isOutdated()).toBe(false);
  expect(await lake.batch()).toMatchObject({ published: false });
});

test('a changed model draws those after it along, and the tables are those of a rebuild', async () => {
  const { lake, edit } = await published();
  const before = filesOf(lake);
  edit(
    'observations.sql',
    "get_json_object(r.record, '$.steps') as double)",
    "get_json_object(r.record, '$.steps') as double) + 5e0",
  );
  await lake.batch();
  expect(rewritten(before, filesOf(lake))).toEqual(['daily_metrics', 'observations']);
  const renewed = await lake.published();
  expect(await lake.query('select value from daily_metrics')).toEqual([{ value: 15 }]);
  await lake.rebuild();
  expect(await lake.published()).toEqual(renewed);
});

test('a changed seed makes anew what reads it, a changed audit what it judges', async () => {
  const { lake, models, edit } = await published();
  const before = filesOf(lake);
  edit('titles.csv', 'Steps', 'Paces');
  await lake.batch();
  expect(rewritten(before, filesOf(lake))).toEqual(['daily_metrics']);
  expect(await lake.query('select title from daily_metrics')).toEqual([{ title: 'Paces' }]);
  writeFileSync(
    join(models, 'audits', 'daily_metrics_not_negative.sql'),
    'select * from daily_metrics where value >= 0e0',
  );
  await expect(lake.batch()).rejects.toMatchObject({ code: 'audit_failed' });
  expect(await lake.query('select title from daily_metrics')).toEqual([{ title: 'Paces' }]);
});

test('the table of a model that is gone goes too, and one that is new comes', async () => {
  const { lake, models } = await published();
  for (const end of ['sql', 'yml']) {
    const text = readFileSync(join(models, `daily_metrics.${end}`), 'utf8');
    writeFileSync(join(models, `monthly_metrics.${end}`), text.replaceAll('daily_metrics_not_negative', 'none'));
    rmSync(join(models, `daily_metrics.${end}`));
  }
  writeFileSync(join(models, 'audits', 'none.sql'), 'select 1 from monthly_metrics where value < 0e0');
  rmSync(join(models, 'audits', 'daily_metrics_not_negative.sql'));
  await lake.batch();
  const files = filesOf(lake);
  expect(files['daily_metrics']).toBeUndefined();
  expect(files['monthly_metrics']).toHaveLength(1);
});

test.each([
  ['other lines of records.csv', 'records.csv', 'toy.ping,', 'toy.other,other,$.others[*],,,day,record,,,\ntoy.ping,'],
  ['another idea of whose an account is', 'account_owners.sql', 'with connections', '-- otherwise\nwith connections'],
])('%s makes everything anew', async (_, file, from, to) => {
  const { lake, edit } = await published();
  const before = filesOf(lake);
  edit(file, from, to);
  await lake.batch();
  expect(rewritten(before, filesOf(lake))).toContain('raw_objects');
  expect(await lake.query('select value from daily_metrics')).toEqual([{ value: 10 }]);
});

test('what came beside a change of models is not lost', async () => {
  const { lake, edit } = await published();
  edit('daily_metrics.sql', 'sum(cast(floor(o.value *', 'sum(cast(floor(o.value * 2e0 *');
  await lake.batch([steps('anna', '2026-01-02', 7)]);
  expect(await lake.query('select value from daily_metrics order by local_date')).toEqual([
    { value: 20 },
    { value: 14 },
  ]);
});
