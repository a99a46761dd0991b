import { describe, expect, test } from 'vitest';
import { rebuild } from '../../app/rebuild.ts';
import { sweep } from '../../app/sweep.ts';
import { transform } from '../../app/transform.ts';
import { steps } from '../contract/engine.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { TOY_MODELS } from '../support/lake.ts';
import { openPlant } from '../support/plant.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
const DAY_MS = 24 * 60 * 60 * 1000;
const VALUES = 'select local_date, value from daily_metrics order by 1';

/** A payload written on the plant's own day, so that a listing of the last days finds it. */
const today = (plant: ReturnType<typeof openPlant>, day: string, value: number) => ({
  ...steps('anna', day, value),
  receivedAt: plant.clock.now(),
});

describe('transform', () => {
  test('publishes what is stored, says so with figures, and announces it', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store([...ANNA, steps('anna', '2026-01-01', 10), steps('anna', '2026-01-02', 20)]);
    const summary = await transform(plant.runtime);
    expect(summary).toMatchObject({ objects: 4, observations: 2, quarantined: 0, days: 2 });
    expect(plant.events).toEqual([
      { detailType: 'Batch Published', detail: { schema: 1, batch_id: summary.batch_id, users: ['u_anna'], days: 2 } },
    ]);
    expect(await plant.query(VALUES)).toEqual([
      { local_date: '2026-01-01', value: 10 },
      { local_date: '2026-01-02', value: 20 },
    ]);
  });

  test('with nothing new publishes nothing and names the last batch', async () => {
    const plant = openPlant(TOY_MODELS);
    expect(await transform(plant.runtime)).toMatchObject({ batch_id: null, objects: 0 });
    await plant.store(ANNA);
    const first = await transform(plant.runtime);
    const second = await transform(plant.runtime);
    expect(second).toMatchObject({ batch_id: first.batch_id, objects: 0, observations: 0, days: 0 });
    expect(plant.events).toHaveLength(1);
  });

  test('tells every step in order', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store(ANNA);
    const told: string[] = [];
    await transform(plant.runtime, { onStep: (step) => told.push(step) });
    expect(told).toEqual([
      'lease',
      'listed',
      'read',
      'modelled',
      'audited',
      'staged',
      'manifest',
      'committed',
      'linked',
      'published',
    ]);
  });

  test('looks through the last days only, and through all when asked or once a week', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store([...ANNA, steps('anna', '2026-01-01', 10)]);
    await transform(plant.runtime);
    // restored from a backup: its date is long past
    await plant.store([steps('anna', '2026-01-02', 20)]);
    await plant.store([today(plant, '2026-01-03', 30)]);
    expect(await transform(plant.runtime)).toMatchObject({ objects: 1 });
    expect(await transform(plant.runtime)).toMatchObject({ objects: 0 });
    expect(await transform(plant.runtime, { all: true })).toMatchObject({ objects: 1 });
    await plant.store([steps('anna', '2026-01-04', 40)]);
    plant.clock.advance(7 * DAY_MS - 1);
    expect(await transform(plant.runtime)).toMatchObject({ objects: 0 });
    plant.clock.advance(1);
    expect(await transform(plant.runtime)).toMatchObject({ objects: 1 });
    expect((await plant.query(VALUES)).map((row) => row['value'])).toEqual([10, 20, 30, 40]);
  });

  test('an object deleted between listing and reading: what else came is published, and it is read if it comes back', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store(ANNA);
    await transform(plant.runtime);
    const deleted = today(plant, '2026-01-02', 20);
    const [key = ''] = await plant.store([deleted]);
    await plant.store([today(plant, '2026-01-01', 10), today(plant, '2026-01-03', 30)]);
    const objects = {
      ...plant.runtime.objects,
      async get(asked: string) {
        if (asked === key) await plant.runtime.objects.delete(key);
        return plant.runtime.objects.get(asked);
      },
    };
    expect(await transform({ ...plant.runtime, objects })).toMatchObject({ objects: 2, observations: 2, days: 2 });
    expect((await plant.query(VALUES)).map((row) => row['value'])).toEqual([10, 30]);
    // Nothing of it is known, nothing waits, and raw says no more than what is published.
    expect((await plant.runtime.engine.known()).has(key)).toBe(false);
    expect(await transform(plant.runtime, { all: true })).toMatchObject({ objects: 0 });
    expect(await rebuild(plant.runtime, { dryRun: true })).toEqual({ changes: [] });
    expect(plant.events).toHaveLength(2);
    await plant.store([deleted]);
    expect(await transform(plant.runtime)).toMatchObject({ objects: 1 });
    expect((await plant.query(VALUES)).map((row) => row['value'])).toEqual([10, 20, 30]);
  });

  test('waits for a batch that runs, and both publish', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store(ANNA);
    const held = await plant.runtime.state.acquire('batch', { ttlMs: 60_000 });
    const order: string[] = [];
    const waiting = transform(plant.runtime, { onStep: (step) => order.push(step) });
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    if (held.ok) await held.lease.release();
    plant.clock.advance(1000);
    expect(await waiting).toMatchObject({ objects: 2 });
  });

  test('that lost its lease meanwhile publishes nothing', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store([...ANNA, steps('anna', '2026-01-01', 10)]);
    let taken: Promise<unknown> = Promise.resolve();
    const stolen = transform(plant.runtime, {
      onStep: (step) => {
        if (step !== 'staged') return;
        plant.clock.advance(60 * 60_000);
        taken = plant.runtime.state.acquire('batch', { ttlMs: 1000 });
      },
    });
    await expect(stolen).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await taken).toMatchObject({ ok: true });
    expect(await plant.query(VALUES)).toEqual([]);
  });
});

describe('the sweep', () => {
  test('publishes what was stored and whose events were lost, and does nothing when all is published', async () => {
    const plant = openPlant(TOY_MODELS);
    expect(await sweep(plant.runtime)).toBeUndefined();
    await plant.store([...ANNA, steps('anna', '2026-01-01', 10)]);
    expect(await sweep(plant.runtime)).toMatchObject({ objects: 3 });
    expect(await sweep(plant.runtime)).toBeUndefined();
  });
});

describe('rebuild', () => {
  test('a dry run answers the cells that raw says otherwise, from a day on when asked, and changes nothing', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store([...ANNA, steps('anna', '2026-01-01', 10)]);
    await transform(plant.runtime);
    expect(await rebuild(plant.runtime, { dryRun: true })).toEqual({ changes: [] });
    await plant.store([steps('anna', '2026-01-01', 11, 1)]);
    const changed = await rebuild(plant.runtime, { dryRun: true });
    expect('changes' in changed && changed.changes.find((change) => change.table === 'daily_metrics')).toMatchObject({
      user_id: 'u_anna',
      local_date: '2026-01-01',
      metric: 'steps',
      before: 10,
      after: 11,
    });
    const later = await rebuild(plant.runtime, { dryRun: true, from: '2026-01-02' });
    expect(later).toEqual({ changes: [] });
    expect(await plant.query(VALUES)).toEqual([{ local_date: '2026-01-01', value: 10 }]);
  });

  test('publishes what raw says, and forgets what raw no longer says', async () => {
    const plant = openPlant(TOY_MODELS);
    const [key = ''] = await plant.store([steps('anna', '2026-01-02', 20)]);
    await plant.store([...ANNA, steps('anna', '2026-01-01', 10)]);
    await transform(plant.runtime);
    await plant.runtime.objects.delete(key);
    expect(await rebuild(plant.runtime, { dryRun: false })).toMatchObject({ objects: 3, observations: 1 });
    expect(await plant.query(VALUES)).toEqual([{ local_date: '2026-01-01', value: 10 }]);
    // the history of batches is not raw's and goes on
    expect(await plant.query('select count(*) as n from batches')).toEqual([{ n: 2 }]);
  });
});
