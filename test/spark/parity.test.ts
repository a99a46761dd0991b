import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { MODELS } from '../support/transform.ts';
import { recordedObjects } from './corpus.ts';
import { playObjects, writeObjects } from './parity/corpus.ts';
import { type Engines, openEngines } from './parity/engines.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

// Every recorded payload as every type, and larger households: `npm run test:parity`.
describe.skipIf(!hasSpark)('every model, cell by cell, on both engines', () => {
  let engines: Engines;
  beforeAll(() => {
    engines = openEngines();
  });
  afterAll(() => engines.stop());

  test('over recorded payloads and a household with faults', async () => {
    const directory = temporaryDirectory();
    writeObjects(directory, recordedObjects());
    await playObjects(directory, { seed: '1', people: 1, days: 6 });
    const comparisons = await engines.compare(directory);
    expect(comparisons.filter(({ differing }) => differing > 0)).toEqual([]);
    // Nothing is equal to nothing.
    const stored = new Set(storedModels(readCatalog(MODELS)).map(({ name }) => name));
    expect(comparisons.filter(({ model, rows }) => stored.has(model) && rows === 0)).toEqual([]);
    expect(comparisons.filter(({ model }) => model === 'daily_metrics')[0]?.cells).toBeGreaterThan(1000);
  });
});
