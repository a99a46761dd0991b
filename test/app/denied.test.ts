import { expect, test } from 'vitest';
import { disconnect, link } from '../../app/connections.ts';
import { readDenied, syncDenied } from '../../app/denied.ts';
import { begin } from '../../app/forget/begin.ts';
import { addUser } from '../../app/people.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { openDesk } from '../support/desk.ts';

/** A desk whose doors read markers, told whenever something changes. */
function openDenying() {
  const { runtime: desk } = openDesk();
  const runtime = { ...desk, denied: () => syncDenied(desk) };
  const denied = async () => {
    const { keys, accounts } = await readDenied(desk.objects);
    return { keys: [...keys], accounts: [...accounts] };
  };
  return { runtime, denied };
}

test('a personal token that is given up is refused from then on by doors that look nobody up', async () => {
  const { runtime, denied } = openDenying();
  const ann = await addUser(runtime, { name: 'Ann' });
  const { connection } = await link(runtime, { provider: 'apple', user: ann });
  expect(await denied()).toEqual({ keys: [], accounts: [] });
  await disconnect(runtime, { provider: 'apple', user: ann });
  expect(await denied()).toEqual({ keys: [connection.external_id], accounts: [] });
});

test('accounts are refused as soon as their person is forgotten, and taken again once somebody connects them anew', async () => {
  const { runtime, denied } = openDenying();
  const ann = await addUser(runtime, { name: 'Ann' });
  await link(runtime, { provider: 'garmin', user: ann, externalId: 'watch-of-ann' });
  await begin(runtime, ann.user_id, null);
  const own = accountOf('wellspring', `user:${ann.user_id}`);
  const watch = accountOf('garmin', 'watch-of-ann');
  expect((await denied()).accounts.toSorted()).toEqual([own, watch].toSorted());
  // Her own tie is still there while she is being forgotten; the walk takes it away.
  for (const { id } of await runtime.state.list('connection')) await runtime.state.delete('connection', id);
  const ben = await addUser(runtime, { name: 'Ben' });
  await link(runtime, { provider: 'garmin', user: ben, externalId: 'watch-of-ann' });
  expect((await denied()).accounts).toEqual([own]);
});

test.each([1, 2, 3, 4, 5])('who is denied before look %i of a round that compares stays denied', async (at) => {
  const { runtime, denied } = openDenying();
  const ann = await addUser(runtime, { name: 'Ann' });
  await link(runtime, { provider: 'garmin', user: ann, externalId: 'watch-of-ann' });
  let looks = 0;
  const look = async () => {
    looks += 1;
    if (looks === at) await begin(runtime, ann.user_id, null);
  };
  const state = {
    list: async <T>(kind: string, prefix?: string) => (await look(), runtime.state.list<T>(kind, prefix)),
  };
  const list: typeof runtime.objects.list = async function* (prefix, options) {
    await look();
    yield* runtime.objects.list(prefix, options);
  };
  await syncDenied({ state, objects: { ...runtime.objects, list } });
  if (looks < at) await begin(runtime, ann.user_id, null);
  expect((await denied()).accounts).toContain(accountOf('garmin', 'watch-of-ann'));
});

test('a marker nobody wants and one that is missing are both made right by the next round', async () => {
  const { runtime, denied } = openDenying();
  await runtime.objects.putIfAbsent('denied/keys/stray', new Uint8Array());
  await runtime.state.put('revoked', 'token-of-ann', {});
  await syncDenied(runtime);
  expect(await denied()).toEqual({ keys: ['token-of-ann'], accounts: [] });
});
