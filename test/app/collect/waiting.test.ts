import { expect, test, vi } from 'vitest';
import { collectNotices } from '../../../app/collect/notices.ts';
import { listNotices } from '../../../app/collect/waiting.ts';
import { disconnect } from '../../../app/connections.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { answering, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const DAY_MS = 86_400_000;
const WEIGHED = 'appli=1';
const STRANGER = accountOf('scale', 'x-1');

/** A stand that counts the raw keys each look goes through. */
function openHall() {
  const stand = openStand();
  const asked = answering('scale.example', () => [200, '{"status":0}']);
  let read = 0;
  const { objects } = stand.runtime;
  const runtime = {
    ...stand.runtime,
    objects: {
      ...objects,
      async *list(...args: Parameters<typeof objects.list>) {
        for await (const one of objects.list(...args)) {
          read += 1;
          yield one;
        }
      },
    },
  };
  /** A look, and how many keys it has read. */
  const look = async () => {
    read = 0;
    const report = await collectNotices(runtime);
    return { ...report, read };
  };
  const days = (count: number) => stand.clock.advance(count * DAY_MS);
  return { ...stand, asked, look, days };
}

test('notices nobody has connected for hold no look back: the next ones read only what is new', async () => {
  const { look, notice, days, runtime } = openHall();
  for (let day = 0; day < 20; day += 1) {
    await notice('scale', STRANGER, WEIGHED);
    days(1);
    expect(await look()).toMatchObject({ left: 0, finished: 0 });
  }
  // Yesterday's; those of the nineteen days before it are not gone through.
  expect(await look()).toMatchObject({ read: 1, unclaimed: 1 });
  // A look begins a day before the one that went before it.
  days(2);
  await look();
  expect(await look()).toMatchObject({ read: 0, unclaimed: 0 });
  expect(await listNotices(runtime)).toEqual([]);
});

test('once somebody connects the account its notices of thirty days are found, done, and read no more', async () => {
  const { look, notice, days, connect, asked } = openHall();
  for (const wait of [5, 20, 5, 3]) {
    await notice('scale', STRANGER, WEIGHED);
    await look();
    days(wait);
    await look();
  }
  await connect('scale');
  // 33, 28, 8 and 3 days old: the first is past asking for.
  expect(await look()).toMatchObject({ finished: 3, left: 0, unclaimed: 0 });
  expect(asked).toHaveLength(1);
  days(2);
  await look();
  expect(await look()).toMatchObject({ finished: 0, read: 0 });
});

test('an account that sends a notice every day is remembered as long as it does', async () => {
  const { look, notice, days, connect } = openHall();
  for (let day = 0; day < 45; day += 1) {
    await notice('scale', STRANGER, WEIGHED);
    await look();
    days(1);
  }
  await connect('scale');
  // Of the last thirty days, that of thirty days ago among them.
  expect(await look()).toMatchObject({ finished: 30 });
});

test('what is left of a connected account is looked at again without going through the days since', async () => {
  const stand = openHall();
  answering('ring.example', ({ path }) => (path.startsWith('/sleep/') ? [500, ''] : [200, '{"data":[]}']));
  const { account } = await stand.connect('ring', { scopes: [] });
  await stand.notice('ring', account, { event_type: 'update', data_type: 'sleep', object_id: 'old' });
  expect(await stand.look()).toMatchObject({ left: 1 });
  for (let day = 1; day <= 10; day += 1) {
    stand.days(1);
    await stand.look();
  }
  const notices = (await stand.keys('raw/')).filter((key) => key.includes('/notice-'));
  expect(notices).toHaveLength(1);
  const { left, read } = await stand.look();
  expect(left).toBe(1);
  // Only the pages of today's and yesterday's looks.
  expect(read).toBeLessThanOrEqual(2);
});

test('notices left when their account is disconnected wait for it to be connected again', async () => {
  const stand = openHall();
  let well = false;
  answering('ring.example', ({ path }) => {
    if (!path.startsWith('/sleep/')) return [200, '{"data":[]}'];
    return well ? [200, '{"id":"old","day":"2026-03-01"}'] : [500, ''];
  });
  const { account, user_id } = await stand.connect('ring', { scopes: [] });
  await stand.notice('ring', account, { event_type: 'update', data_type: 'sleep', object_id: 'old' });
  expect(await stand.look()).toMatchObject({ left: 1 });
  await disconnect(stand.runtime, { provider: 'ring', user: { user_id } });
  stand.days(3);
  expect(await stand.look()).toMatchObject({ left: 0, unclaimed: 1 });
  stand.days(2);
  await stand.look();
  expect(await stand.look()).toMatchObject({ left: 0, unclaimed: 0 });
  well = true;
  await stand.connect('ring', { scopes: [], name: 'Ann again' });
  expect(await stand.look()).toMatchObject({ finished: 1, left: 0 });
});
