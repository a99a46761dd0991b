import { describe, expect, test } from 'vitest';
import { elsewhereWords, publish, publishAll } from '../../app/publish.ts';
import { retryQuarantine } from '../../app/quarantine.ts';
import { rebuild } from '../../app/rebuild.ts';
import { redrive } from '../../app/redrive.ts';
import { repair, sweep } from '../../app/sweep.ts';
import { transform } from '../../app/transform.ts';
import type { Intake } from '../../ports/engine/engine.ts';
import { steps } from '../contract/engine.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { TOY_MODELS } from '../support/lake.ts';
import { openPlant } from '../support/plant.ts';
import { rawObject } from '../support/raw.ts';

const WINDOW_S = 900;

/** A plant whose batches run in a workflow, which takes in what it is told to; objects carry the time they were stored. */
function openStack(answer: 'started' | 'running' = 'started') {
  const plant = openPlant(TOY_MODELS);
  const { clock, runtime: local } = plant;
  const known = new Map<string, Intake>();
  const storedAt = new Map<string, number>();
  const measured: (readonly [string, number])[] = [];
  let starts = 0;
  const runtime = {
    ...local,
    ownerToken: 'made-up-owner-token',
    publicUrl: 'https://well.example',
    objects: {
      ...local.objects,
      async *list(prefix: string, options?: { readonly after?: string }) {
        for await (const object of local.objects.list(prefix, options)) {
          yield { ...object, storedAt: storedAt.get(object.key) ?? 0 };
        }
      },
    },
    engine: {
      ...local.engine,
      known: () => Promise.resolve(known),
      lastFinished: () => Promise.resolve(clock.now()),
      run: () => Promise.reject(new Error('a batch ran here')),
    },
    workflow: { start: async () => ((starts += 1), answer) },
    batchWindowSeconds: WINDOW_S,
    measure: (name: string, value: number) => void measured.push([name, value]),
  };
  const store = async (payload: Parameters<typeof rawObject>[0]) => {
    const key = rawObject(payload).key;
    storedAt.set(key, clock.now());
    await plant.store([payload]);
    return key;
  };
  const now = (day: string) => store({ ...steps('anna', day, 1), receivedAt: clock.now() });
  // No full listing is due.
  const settled = () => local.state.put('batch', 'full-listing', { at: clock.now() });
  return { clock, runtime, known, measured, store: now, settled, starts: () => starts };
}

describe('where a workflow runs batches', () => {
  test('the sweep leaves alone what is younger than the window, and starts a run for what is older', async () => {
    const { runtime, clock, store, starts, measured, settled } = openStack();
    await settled();
    expect(await sweep(runtime)).toBeUndefined();
    await store('2026-01-01');
    clock.advance(WINDOW_S * 1000 - 1);
    await store('2026-01-02');
    expect(await sweep(runtime)).toEqual({ workflow: 'waiting', objects: 2, oldest_s: WINDOW_S - 1 });
    expect(starts()).toBe(0);
    clock.advance(1);
    expect(await sweep(runtime)).toEqual({ workflow: 'started', objects: 2, oldest_s: WINDOW_S });
    expect(starts()).toBe(1);
    expect(measured).toEqual([0, WINDOW_S - 1, WINDOW_S].map((value) => ['OldestUnpublishedSeconds', value]));
  });

  test('what a run took in, or left for a connection, is nothing to start another one for', async () => {
    const { runtime, clock, store, known, starts, settled } = openStack();
    await settled();
    known.set(await store('2026-01-01'), 'read').set(await store('2026-01-02'), 'unread');
    clock.advance(WINDOW_S * 2000);
    expect(await sweep(runtime)).toBeUndefined();
    expect(starts()).toBe(0);
  });

  test('a run that is active is said to run', async () => {
    const { runtime, clock, store, settled } = openStack('running');
    await settled();
    await store('2026-01-01');
    clock.advance(WINDOW_S * 1000);
    expect(await sweep(runtime)).toMatchObject({ workflow: 'running' });
  });

  test('all dates count as looked through though something young waits, as something always may', async () => {
    const { runtime, clock, store } = openStack();
    await store('2026-01-01');
    clock.advance(WINDOW_S * 1000);
    await sweep(runtime);
    expect((await runtime.state.get('batch', 'full-listing'))?.value).toEqual({ at: clock.now() });
  });

  test('all dates count as looked through only once everything old that was found is published', async () => {
    const { runtime, clock, store, known } = openStack();
    const key = await store('2026-01-01');
    clock.advance(3 * 86_400_000);
    await sweep(runtime);
    expect(await runtime.state.get('batch', 'full-listing')).toBeUndefined();
    known.set(key, 'read');
    await sweep(runtime);
    expect((await runtime.state.get('batch', 'full-listing'))?.value).toEqual({ at: clock.now() });
  });

  test('somebody who asks need not wait for the window, and is told that figures come later', async () => {
    const { runtime, store, starts, settled } = openStack();
    await settled();
    await store('2026-01-01');
    const asked = await publish(runtime);
    expect(asked).toEqual({ workflow: 'started', objects: 1, oldest_s: 0 });
    expect('workflow' in asked && elsewhereWords(asked)).toBe(
      '1 objects are stored and not published; a run of the workflow was started, and takes some minutes.',
    );
    expect(starts()).toBe(1);
  });

  test('nothing runs a batch here by mistake, and each says what does instead', async () => {
    const { runtime } = openStack();
    for (const doing of [transform(runtime), rebuild(runtime, { dryRun: true }), retryQuarantine(runtime, 'q')]) {
      await expect(doing).rejects.toMatchObject({
        code: 'batch_elsewhere',
        remedy: expect.stringContaining('wellspring'),
      });
    }
  });

  test('whoever needs the tables to know everything is sent away until they do', async () => {
    const { runtime, store, known, starts } = openStack();
    const key = await store('2026-01-01');
    await expect(publishAll(runtime)).rejects.toMatchObject({ code: 'tables_behind', status: 503 });
    expect(starts()).toBe(1);
    known.set(key, 'read');
    await publishAll(runtime);
    expect(starts()).toBe(1);
  });

  test('a redrive starts the workflow and leaves the quarantine to it; a round starts it once', async () => {
    const { runtime, clock, store, starts, settled } = openStack();
    await settled();
    await store('2026-01-01');
    clock.advance(WINDOW_S * 1000);
    expect(await redrive(runtime)).toMatchObject({ batch: { workflow: 'started', objects: 1 }, quarantine: null });
    expect(starts()).toBe(1);
    const round = await repair(runtime);
    expect(round.problems).toEqual([]);
    expect(round).toMatchObject({ published: { workflow: 'started' }, applied: 0, fetched: undefined });
    expect(starts()).toBe(2);
  });
});

describe('where no workflow is named', () => {
  test('the sweep and whoever asks run the batch here', async () => {
    const plant = openPlant(TOY_MODELS);
    await plant.store([userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna'), steps('anna', '2026-01-01', 10)]);
    expect(await sweep(plant.runtime)).toMatchObject({ objects: 3, observations: 1 });
    expect(await publish(plant.runtime)).toMatchObject({ objects: 0 });
  });
});
