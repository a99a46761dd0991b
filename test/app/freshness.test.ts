import { expect, test } from 'vitest';
import { noteCollected } from '../../app/collect/collected.ts';
import { notePending } from '../../app/collect/pending.ts';
import { setCondition } from '../../app/condition.ts';
import { link } from '../../app/connections.ts';
import { addDays } from '../../app/days.ts';
import { readFreshness } from '../../app/freshness.ts';
import { addUser } from '../../app/people.ts';
import { summarize } from '../../app/summarize.ts';
import { transform } from '../../app/transform.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { NOW, dayRow, openPages } from '../support/pages.ts';
import { openPlant } from '../support/plant.ts';

const DAY_MS = 86_400_000;
const TODAY = '2026-03-05';
const iso = (ms: number): string => new Date(ms).toISOString();

/** Ana with an account, on Thursday 5 March 2026 at 09:00; `rows` are what the table says of her metrics. */
async function openAna(
  rows: (account: string) => readonly Row[],
  connectedAt = NOW - 40 * DAY_MS,
  provider = 'garmin',
) {
  const pages = openPages();
  const user = await addUser(pages.runtime, { name: 'Ana' });
  const { connection } = await link(pages.runtime, { provider, user, externalId: 'g' });
  const { account } = connection;
  const metrics = rows(account).map((row): Row => ({
    provider,
    account,
    state: 'active',
    cause: null,
    ...row,
  }));
  const last = metrics.map((row) => String(row['last_day'])).toSorted();
  const seen = { account, last_delivery: '2026-03-01T08:00:00Z', last_data_day: last.at(-1) ?? null };
  pages.tables.published = {
    daily: [dayRow(user.user_id, '2026-03-01', 'steps', 1)],
    queries: {
      freshness: metrics,
      connected_since: [{ account, connected_ms: connectedAt }],
      ...(metrics.length > 0 ? { last_deliveries: [seen], last_days: [seen] } : {}),
    },
  };
  const read = async () => {
    const [found] = await readFreshness(pages.runtime, user, TODAY);
    if (found === undefined) throw new RangeError('nothing is connected');
    return found;
  };
  const text = async () => (await summarize(pages.runtime, { user })).text.replaceAll('\n', ' ');
  return { ...pages, user, connection, read, text };
}

/** A row whose next day is due this long from now. */
const due = (metric: string, lastDay: string, inMs: number, more: Row = {}): Row => ({
  metric,
  last_day: lastDay,
  expected_by: iso(NOW + inMs),
  by_hand: null,
  ...more,
});

test('what is not due yet is on time, in one line of the morning text', async () => {
  const { read, text } = await openAna(() => [due('steps', '2026-03-04', DAY_MS)]);
  expect(await read()).toMatchObject({
    late: false,
    lateSince: null,
    cause: null,
    problem: null,
    lastDay: '2026-03-04',
  });
  expect(await text()).toContain(' On time: Garmin. ');
});

test('what is due and has no cause is silence, with the day it is late since and what to do', async () => {
  const { read, text } = await openAna(() => [
    due('steps', '2026-03-01', -DAY_MS),
    due('resting_heart_rate_bpm', '2026-02-28', -2 * DAY_MS),
  ]);
  // The earlier of the two was due on the 3rd at 09:00 in Paris.
  expect(await read()).toMatchObject({ late: true, lateSince: '2026-03-03', cause: 'provider_silent' });
  const said = await text();
  expect(said).toContain('Garmin: late, last data Sun 1 Mar, 4 days ago. Nothing has come from Garmin since');
  expect(said).toContain('Sync the device with the app of Garmin');
  expect(said).not.toContain('On time');
});

test('what a person does by hand is missed without a fault, unless everything else is missed too', async () => {
  const scale = due('weight_kg', '2026-02-24', -DAY_MS, { by_hand: 'scale' });
  const alone = await openAna(() => [scale]);
  expect(await alone.read()).toMatchObject({ late: false, cause: 'not_measured', problem: null, remedy: null });
  expect(await alone.text()).toContain('Last weight Tue 24 Feb; nothing is wrong, you have not stood on it.');
  const silent = await openAna(() => [scale, due('steps', '2026-03-01', -DAY_MS)]);
  const found = await silent.read();
  expect(found).toMatchObject({ late: true, cause: 'provider_silent' });
  expect(found.metrics.map(({ cause }) => cause)).toEqual(['provider_silent', 'provider_silent']);
});

test('a metric that stopped while the rest goes on is named, for two weeks', async () => {
  const rows = (lateMs: number) => () => [due('steps', '2026-03-04', DAY_MS), due('spo2_pct', '2026-02-20', -lateMs)];
  const found = await (await openAna(rows(DAY_MS))).read();
  expect(found).toMatchObject({ late: true, cause: 'provider_silent' });
  expect(found.problem).toMatch(/^It no longer brings .*; the rest comes\.$/);
  expect(await (await openAna(rows(15 * DAY_MS))).read()).toMatchObject({ late: false, cause: null });
});

test.each([
  ['quarantined', 'missing_field', 'Garmin has changed how it writes its data'],
  ['quarantined', 'no_reader', 'a kind of data nobody here can read yet'],
  ['unfinished_fetch', null, 'it is not fetched yet'],
  ['scope_missing', null, 'is not allowed to give a part of its data'],
] as const)('late because of %s (%s) says so', async (cause, detail, words) => {
  const { read, text } = await openAna(() => [
    due('steps', '2026-03-01', -DAY_MS, { cause, cause_detail: detail, cause_at: iso(NOW - DAY_MS) }),
  ]);
  expect(await read()).toMatchObject({ late: true, cause });
  expect(await text()).toContain(words);
});

test('a fetch that was made after the notice is not what is missing', async () => {
  const row = due('steps', '2026-03-01', -DAY_MS, { cause: 'unfinished_fetch', cause_at: iso(NOW - 2 * DAY_MS) });
  const { runtime, connection, read } = await openAna(() => [row]);
  await noteCollected(runtime, connection.connection_id, { at: NOW - DAY_MS });
  expect(await read()).toMatchObject({ cause: 'provider_silent' });
});

test('of what is late the days that could not be fetched are the cause, and those of other streams are not', async () => {
  const since = NOW - 40 * DAY_MS;
  const rows = [due('weight_kg', '2026-03-01', -DAY_MS), due('steps', '2026-03-01', -DAY_MS)];
  const { runtime, connection, read } = await openAna(() => rows, since, 'withings');
  const detail = 'The provider pointed back to a page it had given; the pages before are stored.';
  const day = { from: '2026-03-01', to: '2026-03-01' };
  const missed = { days: [day], cause: 'pages_cut', detail, sinceMs: NOW, notBeforeMs: NOW + DAY_MS } as const;
  const { connection_id } = connection;
  await notePending(runtime, { connection_id, type: 'getmeas', days: [], attempts: 0, detail, missed });
  const found = await read();
  expect(found).toMatchObject({ late: true, cause: 'unfinished_fetch', problem: expect.stringContaining(detail) });
  expect(found.metrics.map(({ metric, cause }) => [metric, cause])).toEqual([
    ['weight_kg', 'unfinished_fetch'],
    ['steps', 'provider_silent'],
  ]);
});

test.each([
  ['needs_reconnect', 'invalid_grant', 'no longer takes the permission you gave'],
  ['needs_reconnect', 'refresh_answer_lost', 'was lost on the way, and the old key is spent'],
  ['revoked', 'ended_at_provider', 'Access was taken back at Garmin'],
  ['deregistered', 'ended_at_provider', 'The account was unregistered at Garmin'],
] as const)('a connection that is %s (%s) is told at once, before anything is late', async (state, cause, words) => {
  const { runtime, connection, read, text } = await openAna(() => [due('steps', '2026-03-04', DAY_MS)]);
  await setCondition(runtime, connection.connection_id, { state, cause });
  expect(await read()).toMatchObject({ late: false, cause: state, metrics: [{ cause: state }] });
  expect(await text()).toContain(words);
  // Connected again: the table still says what was, and is not believed.
  await setCondition(runtime, connection.connection_id, { state: 'active', cause: null });
  expect(await read()).toMatchObject({ cause: null, problem: null });
});

test('what was connected and never sent anything is late after two days', async () => {
  const first = await openAna(() => [], NOW - 2 * DAY_MS + 1000);
  expect(await first.read()).toMatchObject({ late: false, lastDay: null, problem: 'Nothing of it is published yet.' });
  const later = await openAna(() => [], NOW - 2 * DAY_MS - 1000);
  expect(await later.read()).toMatchObject({ late: true, cause: 'provider_silent', lateSince: TODAY });
  expect(await later.text()).toContain('Garmin: late, no data yet');
});

test('from pushes to the table and the clock: on time, then silent', async () => {
  const { runtime, clock, store } = openPlant();
  const user = await addUser(runtime, { name: 'Ana', zone: 'Europe/Paris' });
  const { connection } = await link(runtime, { provider: 'garmin', user, externalId: 'g' });
  await store([userFact(user.user_id, { zone: 'Europe/Paris' }), connectionFact(user.user_id, 'garmin', 'g')]);
  const days = ['2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18'];
  await store(
    days.map((day) => ({
      provider: 'garmin',
      externalId: 'g',
      type: 'dailies',
      receivedAt: `${addDays(day, 1)}T10:00:00Z`,
      data: { dailies: [{ calendarDate: day, steps: 5000 }] },
    })),
  );
  await transform(runtime, { all: true });
  // Daily, last on the 18th: due by the end of the 20th in Paris, 23:00Z.
  clock.set(Date.parse('2026-11-20T22:59:59Z'));
  expect(await readFreshness(runtime, user, '2026-11-20')).toMatchObject([{ late: false, lastDay: '2026-11-18' }]);
  clock.set(Date.parse('2026-11-20T23:00:01Z'));
  expect(await readFreshness(runtime, user, '2026-11-21')).toMatchObject([
    { late: true, lateSince: '2026-11-21', cause: 'provider_silent', metrics: [{ account: connection.account }] },
  ]);
});
