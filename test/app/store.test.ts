import { expect, test } from 'vitest';
import type { WellspringEvent } from '../../ports/bus/bus.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { createCounters } from '../../app/counters.ts';
import type { RawEnvelope } from '../../app/envelope.ts';
import { storeRaw } from '../../app/store.ts';
import { RECEIVED_AT, keysOf } from '../support/door.ts';

const raw = (n: number): RawEnvelope => ({
  provider: 'garmin',
  account: 'a_qcxujc7ldcmwrtvs',
  resource: 'dailies',
  deliveryId: 'd_x',
  part: n,
  receivedAt: RECEIVED_AT,
  receiver: 'push',
  data: `{"dailies":[${n}]}`,
});

function bench(publish?: (events: readonly WellspringEvent[]) => Promise<never>) {
  const events: WellspringEvent[] = [];
  const collect = async (some: readonly WellspringEvent[]) =>
    some.map((event) => (events.push(event), { ok: true as const }));
  const counters = createCounters();
  const runtime = {
    objects: createMemoryObjects(),
    bus: { publish: publish ?? collect },
    clock: createFixedClock(RECEIVED_AT),
    counters,
  };
  return { runtime, events, counters };
}

test('objects are written before their events, in the order given, and one event tells where, never what', async () => {
  const { runtime, events } = bench();
  const stored = await storeRaw(runtime, [raw(1)], { events: 'each' });
  const key = stored[0]?.key ?? '';
  expect(stored).toEqual([{ key, outcome: 'stored' }]);
  const document = await runtime.objects.get(key);
  expect(events).toEqual([
    {
      detailType: 'Raw Object Stored',
      detail: {
        schema: 1,
        key,
        provider: 'garmin',
        account: 'a_qcxujc7ldcmwrtvs',
        type: 'garmin.dailies',
        bytes: document?.byteLength,
        // printf '{"dailies":[1]}' | openssl dgst -sha256
        sha256: '1769746c90bc3783d5a0fca6236c1b4e57a64d8660f341a540271809141d92bc',
        received_at: '2026-11-20T07:00:00.123Z',
      },
    },
  ]);
});

test('a duplicate is answered as one and its event is published again', async () => {
  const { runtime, events } = bench();
  await storeRaw(runtime, [raw(1)], { events: 'each' });
  expect(await storeRaw(runtime, [raw(1)], { events: 'each' })).toMatchObject([{ outcome: 'duplicate' }]);
  expect(events).toHaveLength(2);
});

test('many objects are all written, with an event each or one for the lot', async () => {
  const many = Array.from({ length: 40 }, (_, n) => raw(n));
  for (const [mode, count] of [
    ['each', 40],
    ['one', 1],
  ] as const) {
    const { runtime, events } = bench();
    const stored = await storeRaw(runtime, many, { events: mode });
    expect((await keysOf(runtime.objects)).toSorted()).toEqual(stored.map(({ key }) => key).toSorted());
    expect(stored).toHaveLength(40);
    expect(events).toHaveLength(count);
  }
});

test('a bus that refuses, throws or never answers costs the events only', async () => {
  for (const publish of [
    async () => Promise.reject(new Error('down')),
    () => {
      throw new Error('down at once');
    },
    () => new Promise<never>(() => {}),
  ]) {
    const { runtime, counters } = bench(publish);
    const storing = storeRaw(runtime, [raw(1)], { events: 'each' });
    await new Promise(setImmediate);
    runtime.clock.advance(300);
    expect(await storing).toMatchObject([{ outcome: 'stored' }]);
    expect(counters.read()).toEqual({ garmin: { event_lost: 1 } });
  }
});

test('storage that fails or stays silent for the deadline is unavailable, and nothing is published', async () => {
  for (const putIfAbsent of [
    async () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    () => new Promise<never>(() => {}),
  ]) {
    const { runtime, events } = bench();
    const storing = storeRaw({ ...runtime, objects: { ...runtime.objects, putIfAbsent } }, [raw(1)], {
      events: 'each',
      deadlineMs: 1200,
    });
    const refused = expect(storing).rejects.toMatchObject({ code: 'storage_unavailable', status: 503 });
    await new Promise(setImmediate);
    runtime.clock.advance(1200);
    await refused;
    expect(events).toEqual([]);
  }
});
