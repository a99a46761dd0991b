import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { redrive } from '../../app/redrive.ts';
import { transform } from '../../app/transform.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { garminDaily } from '../support/payloads.ts';
import { openPlant } from '../support/plant.ts';
import { MODELS } from '../support/transform.ts';
import { openVault } from '../support/vault.ts';

const oauthClient = async () => {
  throw new Error('Nobody is connected by OAuth here.');
};

// Several batches each.
vi.setConfig({ testTimeout: 60_000 });

/** A plant with everything `redrive` may use. */
function open(models?: string) {
  const plant = openPlant(models);
  const more = {
    vault: openVault(plant.runtime.state),
    oauthClient,
    lookbackDays: 7,
    firstFetchDays: 7,
    ownerToken: 'x',
  };
  return { ...plant, runtime: { ...plant.runtime, ...more } };
}

const DAYS = 'select local_date, metric, value, updated_at from daily_metrics order by local_date, metric';

test('objects of any date no batch took are published, and a second run changes nothing', async () => {
  const { runtime, clock, store, query } = open();
  await store([userFact('u_anna', { zone: 'UTC' }), connectionFact('u_anna', 'garmin', 'g')]);
  await store([garminDaily('g', '2026-11-19', { steps: 5000 })]);
  await transform(runtime);
  // Written under dates long before the last batch, as by a restore: neither their events nor the sweep find them.
  await store([garminDaily('g', '2026-03-01', { steps: 4000 }), garminDaily('g', '2026-03-02', { steps: 3000 })]);
  clock.advance(60_000);
  expect(await transform(runtime)).toMatchObject({ objects: 0 });

  expect(await redrive(runtime)).toMatchObject({ batch: { objects: 2 }, quarantine: { released: 0, left: 0 } });
  const published = await query(DAYS);
  expect(published.map(({ value }) => value)).toEqual([4000, 3000, 5000]);

  clock.advance(60_000);
  expect(await redrive(runtime)).toMatchObject({
    notices: { finished: 0 },
    overdue: 0,
    batch: { objects: 0, days: 0 },
  });
  expect(await query(DAYS)).toEqual(published);
  expect(await query('select batch_id from batches')).toHaveLength(2);
});

test('what a rule refused that has changed since is released, once', async () => {
  const models = join(temporaryDirectory(), 'models');
  cpSync(MODELS, models, { recursive: true });
  const { runtime, clock, store, query } = open(models);
  await store([userFact('u_anna', { zone: 'UTC' }), connectionFact('u_anna', 'garmin', 'g')]);
  // More steps than a day can hold by the rule of metrics.csv, and fewer than by the changed one.
  await store([garminDaily('g', '2026-11-19', { steps: 900_000 })]);
  expect(await redrive(runtime)).toMatchObject({ quarantine: { released: 0, left: 1 } });

  const file = join(models, 'metrics.csv');
  const changed = readFileSync(file, 'utf8').replace(/^(steps,.*)\b200000\b/m, '$11000000');
  writeFileSync(file, changed);
  clock.advance(60_000);
  expect(await redrive(runtime)).toMatchObject({ quarantine: { released: 1, left: 0 } });
  expect(await query(DAYS)).toMatchObject([{ value: 900_000 }]);
  clock.advance(60_000);
  expect(await redrive(runtime)).toMatchObject({
    batch: { objects: 0, days: 0 },
    quarantine: { released: 0, left: 0 },
  });
});

test('a notice the look for notices has gone past is found again', async () => {
  const { runtime, clock } = open();
  const ms = clock.now() - 20 * 86_400_000;
  const date = new Date(ms).toISOString().slice(0, 10);
  await runtime.objects.putIfAbsent(
    `raw/${date}/withings/a_1/notice-${'0'.repeat(64)}.${ms}.json`,
    new Uint8Array([123]),
  );
  await runtime.state.put('notices', 'since', { date: new Date(clock.now()).toISOString().slice(0, 10) });
  // Its account is nobody's: it is counted, and waits.
  expect(await redrive(runtime)).toMatchObject({ notices: { finished: 0, left: 0, unclaimed: 1 } });
});
