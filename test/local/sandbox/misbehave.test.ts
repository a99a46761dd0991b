import { expect, test } from 'vitest';
import { createWebhooks } from '../../../app/webhooks.ts';
import { openRuntime, type LocalRuntime } from '../../../local/runtime.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { createFaults, FAULTS, FAULT_NAMES, type FaultName, type Faults } from '../../../local/sandbox/fault.ts';
import { mayPass, misbehave } from '../../../local/sandbox/misbehave.ts';
import type { PushParcel } from '../../../local/sandbox/parcel.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import { send } from '../../../local/sandbox/sender.ts';
import { welcome } from '../../../local/sandbox/welcome.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';

const population = generatePeople({ seed: 'faults', days: 25, people: 2, until: '2026-11-15' });
const NAMES = FAULT_NAMES.filter(
  (name) => FAULTS[name].kind === 'recoverable' && FAULTS[name].where.some((place) => place === 'push'),
);
/** Before a connection exists is a matter of who links when, not of the sender. */
const SENT = NAMES.filter((name) => name !== 'early');

const faultsOf = (names: readonly FaultName[], rate = 0.2): Faults =>
  createFaults({
    names,
    rate: { ...Object.fromEntries(names.map((name) => [name, rate])), redeliver_all: 1 },
    chance: createChance('f'),
  });

const parcel = (body: unknown): PushParcel => ({
  kind: 'push',
  provider: 'garmin',
  lane: 'garmin/0',
  person: 0,
  headers: {},
  body: JSON.stringify(body),
});
const bodies = (names: readonly FaultName[], rate?: number): string[] =>
  misbehave(population.deliveries, faultsOf(names, rate)).flatMap((one) =>
    one.kind === 'push' ? [one.body] : [one.text],
  );

test('the same seed misbehaves in the same way, and without a fault nothing changes within a lane', () => {
  expect(bodies(SENT)).toEqual(bodies(SENT));
  const lanes = misbehave(population.deliveries, faultsOf([]));
  for (const lane of new Set(population.deliveries.map((one) => one.lane))) {
    expect(lanes.filter((one) => one.lane === lane)).toEqual(population.deliveries.filter((one) => one.lane === lane));
  }
});

test('every fault of a delivery is met, and nothing that was to be sent is left out', () => {
  const faults = faultsOf(['duplicate', 'reorder', 'late', 'redeliver_all']);
  const sent = misbehave(population.deliveries, faults).filter(({ kind }) => kind === 'push');
  for (const one of population.deliveries) if (one.kind === 'push') expect(sent).toContain(one);
  expect(Object.keys(faults.counts()).toSorted()).toEqual(['duplicate', 'late', 'redeliver_all', 'reorder']);
});

test('only what the provider gives a version, or what is about other things, leaves its turn', () => {
  const [night, other] = [parcel({ sleeps: [{ a: 1 }] }), parcel({ sleeps: [{ a: 2 }] })];
  // A daily summary grows, so the longer one stands in whatever order; of two nights the later statement does.
  expect(mayPass(parcel({ dailies: [{}] }), parcel({ dailies: [{}] }))).toBe(true);
  expect(mayPass(night, other)).toBe(false);
  expect(mayPass(parcel({ data: { metrics: [] } }), parcel({ data: { metrics: [] } }))).toBe(false);
  expect(mayPass(parcel({ data: { metrics: [] } }), parcel({ data: { workouts: [] } }))).toBe(true);
  const order = bodies(['reorder', 'late'], 0.5).filter((body) => body.includes('"sleeps"'));
  expect(order).toEqual(
    population.deliveries.flatMap((one) => (one.kind === 'push' && one.body.includes('"sleeps"') ? [one.body] : [])),
  );
});

const ids = (all: readonly string[]): string[] =>
  all.flatMap((body) => body.match(/"summaryId":"[^"]+"/g) ?? []).toSorted();

test('two people are put into one delivery and none of their records is lost', () => {
  const joined = bodies(['two_accounts'], 0.9);
  expect(joined.length).toBeLessThan(population.deliveries.length);
  expect(ids(joined)).toEqual(ids(bodies([])));
});

test('a body cut off is refused with 400 and a false proof with 401, each then taken whole, on the real doors', async () => {
  const directory = makeDirectory();
  const runtime: LocalRuntime = await openRuntime({ dataDir: directory, zone: 'UTC' });
  try {
    const app = createWebhooks(runtime);
    const guests = await welcome(runtime, population.people, 'http://127.0.0.1');
    const statuses: number[] = [];
    const faults = faultsOf(SENT, 0.3);
    const pushes = population.deliveries.filter((one) => one.kind === 'push').slice(0, 60);
    await send(pushes, {
      clock: runtime.clock,
      faults,
      fetch: async (url, request) => {
        const response = await app.request(url, request);
        statuses.push(response.status);
        return response;
      },
      door: ({ provider, person }) => guests[person]?.doors[provider] ?? { url: 'http://127.0.0.1/webhooks/nobody' },
      importFile: async () => undefined,
    });
    const counts = faults.counts();
    const answered = (status: number): number => statuses.filter((one) => one === status).length;
    expect(answered(400)).toBe(counts.truncated_body);
    expect(answered(401)).toBe(counts.wrong_signature);
    for (const name of SENT) expect([name, (counts[name] ?? 0) > 0]).toEqual([name, true]);
    expect(answered(200) + answered(400) + answered(401)).toBe(statuses.length);
  } finally {
    await runtime.close();
    removeDirectory(directory);
  }
});

test('a door that takes what was spoiled ends the sending', async () => {
  const sending = send([parcel({ dailies: [] })], {
    clock: { now: () => 0, sleep: async () => undefined },
    faults: faultsOf(['truncated_body'], 1),
    fetch: () => new Response(),
    door: () => ({ url: 'http://127.0.0.1/webhooks/garmin/k1.proof' }),
    importFile: async () => undefined,
  });
  await expect(sending).rejects.toMatchObject({ code: 'delivery_believed' });
});
