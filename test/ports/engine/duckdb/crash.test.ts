import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startChild } from '../../../support/child.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, TOY_MODELS } from '../../../support/lake.ts';
import { rawObject, type Payload } from '../../../support/raw.ts';
import { steps } from '../../../contract/engine.ts';

const FIRST = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)];
const SECOND = [steps('anna', '2026-01-02', 20, 1), steps('anna', '2026-01-01', 11, 2)];

/** Parquet files and manifests below the lake. */
const filesOf = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(parquet|json)$/.test(name));

async function killAt(step: string, directory: string, payloads: readonly Payload[]): Promise<void> {
  const inputs = join(temporaryDirectory(), 'inputs.json');
  const objects = payloads
    .map(rawObject)
    .map(({ key, document }) => ({ key, document: new TextDecoder().decode(document) }));
  writeFileSync(inputs, JSON.stringify(objects));
  const child = startChild(new URL('batch.child.ts', import.meta.url), [directory, TOY_MODELS, inputs, step]);
  expect(await child.ended()).toBe('SIGKILL');
}

describe('a batch that is killed', () => {
  for (const step of ['read', 'modelled', 'audited', 'staged', 'manifest']) {
    test(`at ${step} has changed nothing, and the next batch heals it`, async () => {
      const lake = openLake();
      await lake.batch(FIRST);
      const before = await lake.published();
      await killAt(step, lake.directory, SECOND);
      expect(await lake.published()).toEqual(before);
      await lake.batch(SECOND);
      expect(await lake.query('select local_date, value from daily_metrics order by 1')).toEqual([
        { local_date: '2026-01-01', value: 11 },
        { local_date: '2026-01-02', value: 20 },
      ]);
      expect(await lake.compare()).toEqual([]);
      // nothing the dead batch wrote is left
      expect(filesOf(lake.directory).filter((name) => name.includes('b_killed'))).toEqual([]);
    });
  }

  test('just after the switch is published whole, and the next one shows it in the plain folders too', async () => {
    const lake = openLake();
    await lake.batch(FIRST);
    await killAt('committed', lake.directory, SECOND);
    expect(await lake.query('select count(*) as n from daily_metrics')).toEqual([{ n: 2 }]);
    await lake.batch();
    const shown = filesOf(join(lake.directory, '..', 'tables', 'daily_metrics'));
    expect(shown.filter((name) => name.endsWith('-b_killed.parquet'))).toHaveLength(1);
  });

  test('before anything was ever published leaves nothing to read, and the next one publishes everything', async () => {
    const lake = openLake();
    await killAt('manifest', lake.directory, FIRST);
    expect(await lake.query('select * from daily_metrics')).toEqual([]);
    expect(await lake.engine.known()).toEqual(new Map());
    await lake.batch(FIRST);
    expect(await lake.query('select value from daily_metrics')).toEqual([{ value: 10 }]);
  });
});

describe('files of older batches', () => {
  test('stay ten minutes for readers that began with them, and then go', async () => {
    const lake = openLake();
    await lake.batch(FIRST); // b1 at minute 1
    await lake.batch([SECOND[0] ?? steps('anna', '2026-01-02', 1)]); // b2 at minute 2 replaces it
    const manifests = (): readonly string[] => readdirSync(join(lake.directory, 'manifests')).toSorted();
    for (let number = 3; number <= 12; number += 1) await lake.batch([], { also: ['u_anna'] });
    // b12 began at minute 12: b1 was replaced at minute 2, ten minutes before
    expect(manifests()).toContain('b1.json');
    await lake.batch([], { also: ['u_anna'] });
    expect(manifests()).not.toContain('b1.json');
    expect(manifests()).toContain('b2.json');
    expect(filesOf(lake.directory).filter((name) => /^daily_metrics.*\bb1\.parquet$/.test(name))).toEqual([]);
    expect(await lake.query('select count(*) as n from daily_metrics')).toEqual([{ n: 2 }]);
  }, 60_000);
});
