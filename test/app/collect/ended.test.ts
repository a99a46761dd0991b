import { expect, test, vi } from 'vitest';
import { endGrant } from '../../../app/collect/ended.ts';
import { sourceOf } from '../../../app/collect/source.ts';
import { readGrant, saveGrant } from '../../../app/grant.ts';
import { openVault } from '../../support/vault.ts';
import { answering, openStand, tokensOf } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

/** A scale whose company no longer takes the token, and a notice that says so. */
async function endedScale() {
  const stand = openStand();
  const asked = answering('scale.example', () => [200, '{"status":401}']);
  const connection = await stand.connect('scale');
  const { connection_id: id } = connection;
  const end = async (changes: Partial<typeof stand.runtime> = {}) => {
    const runtime = { ...stand.runtime, ...changes };
    const source = await sourceOf(runtime, connection);
    if (source === undefined) throw new TypeError('a scale is something to ask');
    return endGrant(runtime, source, 'revoked', {});
  };
  return { ...stand, asked, id, end };
}

test('a grant the person gives anew while the old one is being ended stays, and so does the connection', async () => {
  const { end, id, runtime, state } = await endedScale();
  const { vault, bus, clock } = runtime;
  const done = await end({
    bus: {
      ...bus,
      async publish(events) {
        // The moment between the end of the connection and that of its grant.
        if (events.some(({ detail }) => 'change' in detail && detail.change === 'revoked')) {
          await saveGrant(vault, id, tokensOf(clock.now(), 'access-2'), { expect: 1 });
        }
        return bus.publish(events);
      },
    },
  });
  expect([done, await state(id)]).toEqual([false, 'active']);
  expect((await readGrant(vault, id))?.tokens.access.reveal()).toBe('access-2');
});

test('one that cannot be opened could not be asked about: it is not taken for ended, and stays', async () => {
  const { end, id, runtime, state, asked, counters } = await endedScale();
  expect(await end({ vault: openVault(runtime.state) })).toBe(true);
  expect([await state(id), asked.length]).toEqual(['needs_reconnect', 0]);
  expect(counters.read()['scale']).toMatchObject({ ended_not_confirmed: 1 });
  expect(await readGrant(runtime.vault, id)).toBeDefined();
  // And not the next time either.
  await end({ vault: openVault(runtime.state) });
  expect([await state(id), await runtime.vault.generation(`connection/${id}`)]).toEqual(['needs_reconnect', 1]);
});
