import { describe, expect, test } from 'vitest';
import { testDeliveries } from '../../app/doctor/deliveries.ts';
import { dropRefused } from '../../app/refused.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { findDoor, findProvider, providers } from '../../providers/index.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import { keysOf, openDoor, RECEIVED_AT } from '../support/door.ts';

/** Doors, and deliveries of the self-test signed with a keyring: the doors' own when none is given. */
function open(keyring?: ReturnType<typeof createKeyring>) {
  const door = openDoor();
  const made = () =>
    testDeliveries({ ...door.runtime, ...(keyring && { keyring }), publicUrl: 'https://well.example' });
  const send = ({ url, body, headers }: ReturnType<typeof made>[number]) =>
    door.post(new URL(url).pathname, body, { ...headers });
  return { door, made, send };
}

describe('the door of the self-test', () => {
  test('is no provider: nobody sees it in a list, and it can be found as a door alone', () => {
    expect([Object.keys(providers).includes('selftest'), findProvider('selftest')]).toEqual([false, undefined]);
    expect(findDoor('selftest')?.webhook?.auth).toBe('signature');
    expect(findDoor('constructor')).toBeUndefined();
  });

  test('takes twenty deliveries signed here, each an object of its own below selftest/ and an event nobody listens to', async () => {
    const { door, made, send } = open();
    for (const one of made()) expect((await send(one)).status).toBe(200);
    const keys = await door.keys();
    expect(keys).toHaveLength(20);
    expect(keys.filter((key) => !key.startsWith('selftest/2026-11-20/selftest/a_unknown/delivery-'))).toEqual([]);
    expect(new Set(door.events.map(({ detailType }) => detailType))).toEqual(new Set(['Self Test Stored']));
    expect(door.events).toHaveLength(20);
    expect(door.counters.read()).toEqual({ selftest: { stored: 20 } });
  });

  test('refuses what another installation signed, what was changed, what came too late and what is not signed', async () => {
    const others = open(createKeyring({ secrets: ['the secret of somebody else'] }));
    const [foreign] = others.made();
    const { door, made, send } = open();
    const [right] = made();
    if (foreign === undefined || right === undefined) throw new Error('no deliveries');
    const statuses = [
      (await send(foreign)).status,
      (await send({ ...right, body: right.body.replace('"number":1', '"number":2') })).status,
      (await send({ ...right, headers: {} })).status,
    ];
    door.clock.advance(300_001);
    expect([...statuses, (await send(right)).status]).toEqual([401, 401, 401, 401]);
    expect(await door.keys()).toEqual([]);
  });

  test('takes what the older of two ingest secrets signed, and keys of other purposes sign nothing', () => {
    const older = createKeyring({ secrets: ['older'] });
    const both = createKeyring({ secrets: ['newer', 'older'] });
    const texts = (keyring: typeof older) => keyring.signing('selftest').map((secret) => secret.reveal());
    expect(texts(both)[1]).toBe(texts(older)[0]);
    expect(new Set([...texts(both), both.issue('selftest', 'token', 'own').split('.')[1]]).size).toBe(3);
  });
});

test('objects of the self-test go with the refusals, after seven whole days', async () => {
  const objects = createMemoryObjects();
  const keys = ['raw/2026-11-01/garmin/a_x/dailies-1.json', ...['12', '13'].map((day) => `selftest/2026-11-${day}/1`)];
  for (const key of keys) await objects.putIfAbsent(key, new Uint8Array());
  expect(await dropRefused({ objects, clock: createFixedClock(RECEIVED_AT) })).toBe(1);
  expect(await keysOf(objects)).toEqual([keys[0], keys[2]]);
});
