import { describe, expect, test, vi } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { continueBackfills, startBackfill } from '../../../app/collect/backfill.ts';
import { readBackfill } from '../../../app/collect/backfill-record.ts';
import { marksOf } from '../../../app/collect/mark.ts';
import { collectNotices } from '../../../app/collect/notices.ts';
import { collectOverdue } from '../../../app/collect/overdue.ts';
import { pendingOf } from '../../../app/collect/pending.ts';
import { collectDaily } from '../../../app/collect/schedule.ts';
import { everyRecord } from '../../../app/tie.ts';
import { type Answer, type Asked, answering, openStand, tokensOf } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const DAY_MS = 86_400_000;
const DAY = (day: string): string => String(Date.parse(`${day}T00:00:00+01:00`) / 1000);
const form = ({ body }: Asked) => Object.fromEntries(new URLSearchParams(body));

/** A scale whose nights are asked for day by day. */
async function nights(answer: Answer) {
  const stand = openStand();
  const asked = answering('scale.example', answer);
  const connection = await stand.connect('scale', { scopes: ['sleep'] });
  const notice = (from: string, to: string) =>
    stand.notice('scale', connection.account, `appli=44&startdate=${from}&enddate=${to}`);
  return { ...stand, asked, notice, id: connection.connection_id, account: connection.account };
}

const starts = (asked: readonly Asked[]) => asked.map((one) => form(one)['startdate']);
const reason = ({ streams }: { readonly streams: readonly { readonly reason: string | null }[] }) =>
  streams.map((one) => one.reason).filter((one) => one !== 'scope_missing');

test('one window the provider refuses is noted for a day, and the others go on', async () => {
  const poison = DAY('2026-11-18');
  const stand = await nights((one) => [200, form(one)['startdate'] === poison ? '{"status":503}' : '{"status":0}']);
  const report = await collect(stand.runtime, { provider: 'scale' });
  expect(reason(report)).toEqual(['request_refused']);
  // Newest first: the 20th to the 14th, the 18th among them.
  expect(starts(stand.asked)).toEqual([20, 19, 18, 17, 16, 15, 14].map((day) => DAY(`2026-11-${day}`)));
  expect(stand.counters.read()['scale']).toMatchObject({ window_refused: 1 });
  expect(await marksOf(stand.runtime, stand.id)).toEqual([]);
  const [noted] = await pendingOf(stand.runtime, stand.id);
  expect(noted).toMatchObject({ days: [], missed: { days: [{ from: '2026-11-18', to: '2026-11-18' }] } });
  // What was missed stands in nobody's way.
  await stand.notice(DAY('2026-11-20'), DAY('2026-11-20'));
  expect(await collectNotices(stand.runtime)).toMatchObject({ finished: 1 });
  expect(stand.asked.length).toBeGreaterThan(7);
});

test('two refusals in a row are about the stream: it rests for a day, and the rest is asked for then', async () => {
  let well = false;
  const stand = await nights(() => [200, well ? '{"status":0}' : '{"status":503}']);
  const report = await collect(stand.runtime, { provider: 'scale' });
  expect(reason(report)).toEqual(['request_refused']);
  expect(stand.asked).toHaveLength(2);
  well = true;
  stand.clock.advance(DAY_MS - 1);
  await collectOverdue(stand.runtime);
  expect(stand.asked).toHaveLength(2);
  stand.clock.advance(2);
  await collectOverdue(stand.runtime);
  expect(starts(stand.asked).slice(2)).toEqual([20, 19, 18, 17, 16, 15, 14].map((day) => DAY(`2026-11-${day}`)));
  expect(await pendingOf(stand.runtime)).toEqual([]);
});

test('a window that loops is asked for once a day for a week, told all the while, and let go then, counted', async () => {
  const stand = await nights((one) => {
    const { startdate, offset } = form(one);
    if (startdate !== DAY('2026-11-14')) return [200, '{"status":0}'];
    return [200, offset === undefined ? '{"more":true,"offset":5}' : '{"more":true,"offset":5,"page":2}'];
  });
  const looped = () => starts(stand.asked).filter((start) => start === DAY('2026-11-14')).length;
  await collect(stand.runtime, { provider: 'scale' });
  // The first page, and the second that points at itself.
  expect(looped()).toBe(2);
  expect(await pendingOf(stand.runtime)).toMatchObject([{ days: [], missed: { cause: 'pages_cut' } }]);
  await collectOverdue(stand.runtime);
  expect(looped()).toBe(2);
  for (let day = 1; day <= 7; day += 1) {
    expect(await pendingOf(stand.runtime)).toHaveLength(1);
    stand.clock.advance(DAY_MS);
    await collectOverdue(stand.runtime);
    expect(looped()).toBe(2 + 2 * day);
  }
  expect(await pendingOf(stand.runtime)).toEqual([]);
  expect(stand.counters.read()['scale']).toMatchObject({ pages_cut: 8, days_given_up: 1 });
  stand.clock.advance(DAY_MS);
  await collectOverdue(stand.runtime);
  expect(looped()).toBe(16);
});

test('pages that are whole again end it', async () => {
  let looping = true;
  const stand = await nights((one) => [
    200,
    looping && form(one)['startdate'] === DAY('2026-11-14') ? '{"more":true,"offset":5}' : '{"status":0}',
  ]);
  await collect(stand.runtime, { provider: 'scale' });
  expect(await pendingOf(stand.runtime)).toHaveLength(1);
  looping = false;
  stand.clock.advance(DAY_MS);
  await collectOverdue(stand.runtime);
  expect(await pendingOf(stand.runtime)).toEqual([]);
  expect(stand.counters.read()['scale']).not.toHaveProperty('days_given_up');
});

test('a notice that comes while its stream rests keeps its days: they are asked for when the rest is over', async () => {
  let well = false;
  const stand = await nights(() => [200, well ? '{"status":0}' : '{"status":401}']);
  stand.refreshGives({ ok: true, tokens: tokensOf(stand.clock.now(), 'access-2') });
  await collect(stand.runtime, { provider: 'scale' });
  const before = stand.asked.length;
  well = true;
  // Half a year back: no look-back holds it.
  await stand.notice(DAY('2026-03-02'), DAY('2026-03-02'));
  expect(await collectNotices(stand.runtime)).toMatchObject({ finished: 1, left: 0 });
  expect(stand.asked).toHaveLength(before);
  stand.clock.advance(DAY_MS + 1);
  await collectOverdue(stand.runtime);
  // With a day on each side; the refused look-back with them.
  const days = ['2026-03-03', '2026-03-02', '2026-03-01'].map(DAY);
  expect(starts(stand.asked).slice(before)).toEqual(expect.arrayContaining(days));
});

test('a window that is refused day after day keeps no new day of its stream waiting', async () => {
  const poison = DAY('2026-11-19');
  const stand = await nights((one) => [200, form(one)['startdate'] === poison ? '{"status":503}' : '{"status":0}']);
  await collectDaily(stand.runtime);
  for (let day = 21; day <= 30; day += 1) {
    stand.clock.advance(DAY_MS);
    const before = stand.asked.length;
    await collectOverdue(stand.runtime);
    await collectDaily(stand.runtime);
    expect(starts(stand.asked.slice(before))).toContain(DAY(`2026-11-${day}`));
  }
  expect(await marksOf(stand.runtime, stand.id)).toEqual([]);
});

/** A month of rounds after connecting, when some nights are refused. */
async function month(refused: (start: string) => boolean) {
  const stand = await nights((one) => [200, refused(form(one)['startdate'] ?? '') ? '{"status":503}' : '{"status":0}']);
  const [connection] = await everyRecord(stand.runtime.state);
  if (connection === undefined) throw new Error('nobody is connected');
  await startBackfill(stand.runtime, connection);
  for (let day = 0; day < 30; day += 1) {
    for (let round = 0; round < 20; round += 1) await continueBackfills(stand.runtime);
    stand.clock.advance(DAY_MS);
  }
  return { ...stand, record: await readBackfill(stand.runtime, stand.id) };
}

describe('a backfill', () => {
  test('is not stopped by one day that is refused: it is noted beside it, and the older ones come', async () => {
    const { record, runtime, asked } = await month((start) => start === DAY('2026-11-14'));
    expect(record).toMatchObject({ finishedAt: expect.any(Number), waits: {} });
    expect(starts(asked).filter((start) => start === DAY('2026-11-14'))).toHaveLength(1);
    expect(await pendingOf(runtime)).toMatchObject([
      { days: [], missed: { cause: 'request_refused', days: [{ from: '2026-11-14', to: '2026-11-14' }] } },
    ]);
  });

  test('of a stream that is refused altogether waits a day each time, and lets nothing go', async () => {
    const { record, runtime, asked } = await month(() => true);
    expect(record).toMatchObject({ finishedAt: null, waits: { nights: { detail: 'A field is wrong.' } } });
    // The newest day and the one before it.
    expect(asked).toHaveLength(60);
    expect(await pendingOf(runtime)).toEqual([]);
  });
});
