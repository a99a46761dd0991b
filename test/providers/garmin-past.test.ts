import { expect, test } from 'vitest';
import { garmin } from '../../providers/garmin.ts';

const BOB = '4aacafe82427c251df9c9592d0c06768';
const read = (callbackURL: string) => garmin.collect.readNotice({ epochs: [{ userId: BOB, callbackURL }] }, 'ping');

test('a ping says when what it names was uploaded, where its address does', () => {
  // The specification's own ping.
  const upload = 'uploadStartTimeInSeconds=1444937651&uploadEndTimeInSeconds=1444937902';
  const url = `https://apis.garmin.com/wellness-api/rest/epochs?${upload}&token=XXXXXXXXX`;
  const follow = { kind: 'follow', type: 'epochs' };
  expect(read(url)).toEqual([{ ...follow, url, fromMs: 1_444_937_651_000, toMs: 1_444_937_902_000 }]);
  const silent = 'https://apis.garmin.com/wellness-api/rest/epochs?uploadStartTimeInSeconds=soon&token=X';
  expect(read(silent)).toEqual([{ ...follow, url: silent }]);
});

// "Mind the names" of the backfill: three paths are not called as the lists they fill.
test.each([
  ['dailies', 'dailies'],
  ['pulseox', 'pulseOx'],
  ['allDayRespiration', 'respiration'],
  ['moveIQActivities', 'moveiq'],
])('the past of %s is asked for at %s, in seconds', (type, path) => {
  const window = { fromMs: 1_444_937_651_900, toMs: 1_444_937_902_100, from: '2015-10-15', to: '2015-10-15' };
  expect(garmin.collect.requestBackfill(type, window)).toEqual({
    method: 'GET',
    url: `https://apis.garmin.com/wellness-api/rest/backfill/${path}`,
    query: { summaryStartTimeInSeconds: '1444937651', summaryEndTimeInSeconds: '1444937902' },
  });
});

test('what is asked for in a minute are no more days than a new key may ask for, and no window is too long', () => {
  const longest = Math.max(...garmin.collect.streams.map(({ windowDays }) => windowDays));
  const [limit] = garmin.collect.backfillBounds.limits;
  expect(limit.windowS).toBe(60);
  expect(limit.requests * longest).toBeLessThanOrEqual(100);
  const ofActivities = garmin.collect.streams.filter(({ type }) => /^(activit|moveIQ)/.test(type));
  expect(ofActivities.map(({ windowDays }) => windowDays)).toEqual([30, 30, 30]);
});
