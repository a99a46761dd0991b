import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { currentManifest } from '../../../../ports/engine/duckdb/manifest.ts';
import { duckdbType, readSpec } from '../../../../ports/engine/duckdb/spec.ts';
import { BATCHES } from '../../../../ports/engine/small/layout.ts';
import { steps } from '../../../contract/engine.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake } from '../../../support/lake.ts';

const FILE = 'models/marts/batches.yml';
const spec = readSpec(FILE, readFileSync(FILE, 'utf8'));
const stated = Object.entries(spec.columns).map(([name, { type }]) => ({ name, type: duckdbType(type) }));

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)];

test('batches has the columns its description states, before the first batch and after each', async () => {
  const lake = openLake();
  const shown = () => lake.query('select column_name as name, column_type as type from (describe batches)');
  expect(await shown()).toEqual(stated);
  await lake.batch(ANNA);
  await lake.batch([steps('anna', '2026-01-02', 7)]);
  expect(currentManifest(lake.directory)?.tables['batches']?.columns).toEqual(stated);
  expect(await shown()).toEqual(stated);
});

test('batches is one row for each batch that published something', async () => {
  const lake = openLake();
  await lake.batch(ANNA);
  await lake.batch();
  await lake.batch([steps('anna', '2026-01-02', 7)]);
  const grain = spec.grain.join(', ');
  // The second brought nothing and published nothing.
  expect(await lake.query(`select ${grain} from batches order by ${grain}`)).toEqual([
    { batch_id: 'b1' },
    { batch_id: 'b3' },
  ]);
});

test('the small engine keeps the same columns, told apart by the same', () => {
  expect(Object.entries(BATCHES.columns)).toEqual(Object.entries(spec.columns).map(([name, { type }]) => [name, type]));
  expect(BATCHES.grain).toEqual(spec.grain);
});
