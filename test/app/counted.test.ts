import { expect, test } from 'vitest';
import { countsOf, noteCounts } from '../../app/counted.ts';
import { createCounters } from '../../app/counters.ts';
import { receive } from '../../app/receive.ts';
import { examine } from '../../app/doctor/check.ts';
import { counted } from '../../app/doctor/counted.ts';
import { openRuntime } from '../../local/runtime.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import { garmin } from '../../providers/garmin.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { RECEIVED_AT } from '../support/door.ts';
import { openDesk } from '../support/desk.ts';

const DAY_MS = 86_400_000;

/** What one process sees of the same state. */
function openProcess({ runtime }: ReturnType<typeof openDesk>) {
  const process = { ...runtime, counters: createCounters() };
  return { process, count: (provider: string, reason: string) => process.counters.count(provider, reason) };
}

test('what a door refused before a restart is told by doctor after it', async () => {
  const options = { dataDir: temporaryDirectory(), clock: createFixedClock(RECEIVED_AT) };
  const before = await openRuntime(options);
  const key = createKeyring({ secrets: ['another secret'] }).issue('garmin', 'path', 'v1');
  const delivery = { body: new Uint8Array(), headers: {}, key };
  expect(await receive(before, garmin, delivery)).toEqual({ outcome: 'not_verified' });
  await before.close();
  const after = await openRuntime(options);
  expect(await countsOf(after, 1)).toEqual({ garmin: { key_mismatch: 1 } });
  expect(await examine([counted], after)).toMatchObject([
    { id: 'counted.garmin', state: 'warn', remedy: expect.stringContaining('wellspring urls garmin') },
  ]);
  await after.close();
});

test('an upload that is lost is a warning, with what can still be done', async () => {
  const desk = openDesk();
  const { process, count } = openProcess(desk);
  count('garmin', 'callback_lost');
  await noteCounts(process);
  expect(await examine([counted], process)).toMatchObject([
    {
      state: 'warn',
      detail: expect.stringContaining('uploads that are lost'),
      remedy: expect.stringContaining('wellspring backfill garmin --user'),
    },
  ]);
});

test('processes add to the same day, and what was noted is not noted again', async () => {
  const desk = openDesk();
  const [one, other] = [openProcess(desk), openProcess(desk)];
  one.count('oura', 'window_refused');
  one.count('oura', 'window_refused');
  other.count('oura', 'window_refused');
  other.count('garmin', 'stored');
  await Promise.all([noteCounts(one.process), noteCounts(other.process)]);
  expect(await noteCounts(one.process)).toBe(0);
  expect(await countsOf(desk.runtime, 1)).toEqual({ oura: { window_refused: 3 }, garmin: { stored: 1 } });
});

test('days add up, older ones are left out, and after thirty they are gone', async () => {
  const desk = openDesk();
  const { process, count } = openProcess(desk);
  for (let day = 0; day < 8; day += 1) {
    if (day > 0) desk.clock.advance(DAY_MS);
    count('oura', 'pages_cut');
    await noteCounts(process);
  }
  expect([await countsOf(process, 7), await countsOf(process, 8)]).toEqual([
    { oura: { pages_cut: 7 } },
    { oura: { pages_cut: 8 } },
  ]);
  desk.clock.advance(30 * DAY_MS);
  await desk.runtime.state.dropExpired();
  expect(await desk.runtime.state.list('counted')).toEqual([]);
});

test('what cannot be written is counted again, all of it', async () => {
  const desk = openDesk();
  const { process, count } = openProcess(desk);
  count('garmin', 'stored');
  count('oura', 'event_lost');
  const put: typeof process.state.put = async (kind, id, ...rest) => {
    if (id.endsWith('/oura')) throw new Error('disk full');
    return desk.runtime.state.put(kind, id, ...rest);
  };
  await expect(noteCounts({ ...process, state: { ...desk.runtime.state, put } })).rejects.toThrow('disk full');
  expect(process.counters.read()).toEqual({ oura: { event_lost: 1 } });
  await noteCounts(process);
  expect(await countsOf(process, 1)).toEqual({ oura: { event_lost: 1 }, garmin: { stored: 1 } });
});

test.each([
  [['stored', 'handshake'], []],
  [['event_lost'], [{ state: 'ok', remedy: null, detail: expect.stringContaining('(1)') }]],
  [['days_given_up'], [{ state: 'warn', remedy: expect.stringContaining('wellspring status') }]],
  [['notice_clipped'], [{ state: 'warn', remedy: expect.stringContaining('wellspring backfill oura') }]],
  [['key_mismatch'], [{ state: 'warn', remedy: expect.stringContaining('oura.clientSecret') }]],
  // One remedy for two reasons is said once.
  [['handshake_refused', 'handshake_refused'], [{ state: 'warn', detail: expect.stringContaining('(2)') }]],
  [['locate_request_refused'], [{ state: 'ok', detail: 'Oura, last 7 days: locate request refused (1).' }]],
])('doctor tells of %j: %j', async (reasons, found) => {
  const desk = openDesk();
  const { process, count } = openProcess(desk);
  for (const reason of reasons) count('oura', reason);
  await noteCounts(process);
  expect(await examine([counted], process)).toMatchObject(found);
  expect(await examine([counted], process)).toHaveLength(found.length);
});
