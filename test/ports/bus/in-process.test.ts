import { describe, expect, test } from 'vitest';
import type { WellspringEvent } from '../../../ports/bus/bus.ts';
import { createInProcessBus } from '../../../ports/bus/in-process.ts';
import { createFixedClock } from '../../../ports/clock/fixed.ts';
import { createGate, type Gate } from '../../support/gate.ts';
import { stored } from '../../contract/bus.ts';

const RULE = { batchSize: 3, batchWindowSeconds: 900 };
const published: WellspringEvent = {
  detailType: 'Batch Published',
  detail: { schema: 1, batch_id: 'b_1', users: [], days: 1 },
};

/** Lets everything that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A bus whose handler notes the numbers it was given, and can be held. */
function openBus() {
  const clock = createFixedClock(0);
  const batches: number[][] = [];
  const errors: unknown[] = [];
  let gate: Gate | undefined;
  const bus = createInProcessBus({ clock, onError: (error) => errors.push(error) });
  bus.subscribe('Raw Object Stored', RULE, async (events) => {
    batches.push(events.map((event) => event.detail.bytes));
    await gate?.passed;
    if (events.some((event) => event.detail.bytes < 0)) throw new Error('negative');
  });
  const hold = (): void => {
    gate = createGate();
  };
  return { bus, clock, batches, errors, hold, release: () => gate?.open() };
}

describe('a batch', () => {
  test('begins when there are as many events as the rule says', async () => {
    const { bus, batches } = openBus();
    await bus.publish([stored(1)]);
    await bus.publish([stored(2)]);
    await settled();
    expect(batches).toEqual([]);
    await bus.publish([stored(3)]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('begins when the window of its first event has passed, however few there are', async () => {
    const { bus, clock, batches } = openBus();
    await bus.publish([stored(1)]);
    clock.advance(600_000);
    await bus.publish([stored(2)]);
    clock.advance(299_999);
    await settled();
    expect(batches).toEqual([]);
    clock.advance(1);
    await settled();
    expect(batches).toEqual([[1, 2]]);
  });

  test('takes everything that was published at once', async () => {
    const { bus, batches } = openBus();
    await bus.publish(Array.from({ length: 7 }, (_, number) => stored(number)));
    expect(batches).toEqual([[0, 1, 2, 3, 4, 5, 6]]);
  });

  test('never runs beside another one: what comes meanwhile is the next batch', async () => {
    const { bus, batches, hold, release } = openBus();
    hold();
    await bus.publish([stored(1), stored(2), stored(3)]);
    await bus.publish([stored(4), stored(5)]);
    await bus.publish([stored(6), stored(7)]);
    await settled();
    expect(batches).toEqual([[1, 2, 3]]);
    release();
    await settled();
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  test('whose window ends while another one runs begins right after it', async () => {
    const { bus, clock, batches, hold, release } = openBus();
    hold();
    await bus.publish([stored(1), stored(2), stored(3)]);
    await bus.publish([stored(4)]);
    clock.advance(900_000);
    await settled();
    expect(batches).toEqual([[1, 2, 3]]);
    release();
    await settled();
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  test('has a window of its own: that of the batch before ends nothing', async () => {
    const { bus, clock, batches } = openBus();
    await bus.publish([stored(1), stored(2), stored(3)]);
    clock.advance(800_000);
    await bus.publish([stored(4)]);
    clock.advance(100_000);
    await settled();
    expect(batches).toEqual([[1, 2, 3]]);
    clock.advance(800_000);
    await settled();
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });
});

test('a window that ends in the moment its batch fills up ends nothing of the next one', async () => {
  const { bus, clock, batches } = openBus();
  await bus.publish([stored(1)]);
  clock.advance(900_000);
  const full = bus.publish([stored(2), stored(3)]);
  const next = bus.publish([stored(4)]);
  await Promise.all([full, next, settled()]);
  expect(batches).toEqual([[1, 2, 3]]);
});

test('a timer that is no longer needed is stopped, so that it keeps no process alive', async () => {
  const fixed = createFixedClock(0);
  const timers: (AbortSignal | undefined)[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    timers.push(signal);
    return fixed.sleep(ms, signal);
  };
  const bus = createInProcessBus({ clock: { ...fixed, sleep } });
  bus.subscribe('Raw Object Stored', RULE, settled);
  await bus.publish([stored(1), stored(2), stored(3)]);
  await bus.idle();
  await bus.publish([stored(4)]);
  await bus.close();
  expect(timers.map((timer) => timer?.aborted)).toEqual([true, true]);
});

test('a subscription gets its own kind of event only', async () => {
  const { bus, batches } = openBus();
  const users: string[] = [];
  bus.subscribe('Batch Published', { batchSize: 1, batchWindowSeconds: 0 }, async (events) => {
    users.push(...events.map((event) => event.detail.batch_id));
  });
  await bus.publish([stored(1), published, stored(2), stored(3)]);
  await bus.idle();
  expect([batches, users]).toEqual([[[1, 2, 3]], ['b_1']]);
});

test('a handler that throws is reported, and the next batch runs', async () => {
  const { bus, batches, errors } = openBus();
  await bus.publish([stored(-1), stored(2), stored(3)]);
  await bus.publish([stored(4), stored(5), stored(6)]);
  await bus.idle();
  expect(errors).toEqual([new Error('negative')]);
  expect(batches).toEqual([
    [-1, 2, 3],
    [4, 5, 6],
  ]);
});

test('idle waits for a partial batch, flush hands it over at once', async () => {
  const { bus, batches } = openBus();
  await bus.publish([stored(1)]);
  let quiet = false;
  const idle = bus.idle().then(() => (quiet = true));
  await settled();
  expect(quiet).toBe(false);
  await bus.flush();
  await idle;
  expect(batches).toEqual([[1]]);
});

test('flush and idle also wait for what handlers publish', async () => {
  const seen: string[] = [];
  const bus = createInProcessBus({ clock: createFixedClock(0) });
  bus.subscribe('Batch Published', RULE, async (events) => {
    seen.push(...events.map((event) => event.detail.batch_id));
  });
  bus.subscribe('Raw Object Stored', RULE, async () => {
    await settled();
    await bus.publish([published]);
  });
  await bus.publish([stored(1)]);
  await bus.flush();
  expect(seen).toEqual(['b_1']);
});

test('a closed bus stops its timers, waits for the handler that runs, and refuses events without throwing', async () => {
  const { bus, clock, batches, hold, release } = openBus();
  hold();
  await bus.publish([stored(1), stored(2), stored(3)]);
  await bus.publish([stored(4)]);
  let closed = false;
  const idle = bus.idle();
  const close = bus.close().then(() => (closed = true));
  await settled();
  expect(closed).toBe(false);
  release();
  await close;
  clock.advance(900_000);
  await settled();
  expect(batches).toEqual([[1, 2, 3]]);
  expect(await bus.publish([stored(5)])).toEqual([{ ok: false, reason: expect.any(String) }]);
  await idle;
});

test('who waits for a partial batch does not wait for ever when the bus is closed', async () => {
  const { bus, batches } = openBus();
  await bus.publish([stored(1)]);
  const idle = bus.idle();
  await bus.close();
  await idle;
  expect(batches).toEqual([]);
});
