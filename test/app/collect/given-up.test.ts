import { expect, test, vi } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { backfill } from '../../../app/collect/backfill.ts';
import { givenUpOf, clearGivenUp, noteGivenUp } from '../../../app/collect/given-up.ts';
import { collectOverdue } from '../../../app/collect/overdue.ts';
import { status } from '../../../app/status.ts';
import { openPages } from '../../support/pages.ts';
import { answering, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const DAY_MS = 86_400_000;
const LOOPING = String(Date.parse('2026-11-14T00:00:00+01:00') / 1000);

/** A scale that answers the night of the 14th in a circle, asked every day until a week is over. */
async function givenUpNight() {
  const stand = openStand();
  let looping = true;
  answering('scale.example', ({ body }) => {
    const isIt = new URLSearchParams(body).get('startdate') === LOOPING;
    return [200, looping && isIt ? '{"more":true,"offset":5}' : '{"status":0}'];
  });
  const { connection_id: id, user_id: userId, account } = await stand.connect('scale', { scopes: ['sleep'] });
  const queries = {
    last_deliveries: [{ account, last_delivery: '2026-11-20' }],
    last_days: [{ account, last_data_day: '2026-11-20' }],
  };
  const runtime = { ...openPages({ queries }).runtime, ...stand.runtime };
  await collect(runtime, { provider: 'scale' });
  expect(await status(runtime)).toMatchObject([{ given_up: [], remedy: expect.stringContaining('once a day') }]);
  for (let day = 1; day <= 7; day += 1) {
    stand.clock.advance(DAY_MS);
    await collectOverdue(runtime);
  }
  const ask = (from: string, to: string) => backfill(runtime, { provider: 'scale', userId, from, to });
  return { runtime, id, userId, ask, mend: () => (looping = false) };
}

test('days given up after a week stay in the status with the command that asks for them, until a backfill of them is done', async () => {
  const { runtime, userId, ask, mend } = await givenUpNight();
  const told = async () => (await status(runtime))[0];
  expect(await told()).toMatchObject({
    pending: [],
    given_up: [{ type: 'nights', from: '2026-11-14', to: '2026-11-14', reason: 'pages_cut' }],
    problem: expect.stringContaining('nights of 2026-11-14 was given up after a week: The provider pointed back'),
    remedy: `wellspring backfill scale --user ${userId} --from 2026-11-14 --to 2026-11-14`,
  });
  // Other days, and the same ones while they are as broken as before, change nothing about it.
  mend();
  await ask('2026-11-12', '2026-11-13');
  expect(await told()).toMatchObject({ given_up: [{ from: '2026-11-14' }] });
  await ask('2026-11-14', '2026-11-14');
  expect(await told()).toMatchObject({ given_up: [], problem: null, remedy: null });
});

test('a backfill of them that is cut again leaves them given up', async () => {
  const { runtime, id, ask } = await givenUpNight();
  await ask('2026-11-13', '2026-11-15');
  expect(await givenUpOf(runtime, id)).toMatchObject([{ days: [{ from: '2026-11-14', to: '2026-11-14' }] }]);
});

test.each([
  ['2026-03-01', '2026-03-04', [['2026-03-05', '2026-03-09']]],
  ['2026-03-07', '2026-03-31', [['2026-03-05', '2026-03-06']]],
  [
    '2026-03-07',
    '2026-03-07',
    [
      ['2026-03-05', '2026-03-06'],
      ['2026-03-08', '2026-03-09'],
    ],
  ],
  ['2026-03-05', '2026-03-09', []],
  ['2026-03-01', '2026-03-31', []],
  ['2026-03-10', '2026-03-31', [['2026-03-05', '2026-03-09']]],
])('of the 5th to the 9th, an answer from %s to %s leaves %j', async (from, to, left) => {
  const { runtime } = openStand();
  const days = [
    { from: '2026-03-05', to: '2026-03-07' },
    { from: '2026-03-08', to: '2026-03-09' },
  ];
  const given = { connection_id: 'c_1', type: 'nights', cause: 'pages_cut', detail: '' } as const;
  for (const one of days) await noteGivenUp(runtime, { ...given, days: [one] });
  await noteGivenUp(runtime, { ...given, connection_id: 'c_2', days });
  await clearGivenUp(runtime, 'c_1', 'nights', { from, to });
  const kept = (await givenUpOf(runtime, 'c_1')).flatMap((one) => one.days);
  expect(kept.map((one) => [one.from, one.to])).toEqual(left);
  expect(await givenUpOf(runtime, 'c_2')).toHaveLength(1);
});
