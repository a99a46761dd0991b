import { describe, expect, test, vi } from 'vitest';
import { type BackfillProgress } from '../../../app/collect/advance.ts';
import { backfill, continueBackfills, startBackfill } from '../../../app/collect/backfill.ts';
import { disconnect } from '../../../app/connections.ts';
import { openBackfills, readBackfill } from '../../../app/collect/backfill-record.ts';
import { type Answer, answering, type Asked, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const RANGE = { from: '2026-01-01', to: '2026-06-30' } as const;

/** The days of a request as they were asked for. */
const spanOf = ({ body, path }: Asked): string => {
  const fields = new URLSearchParams(body || path.split('?')[1]);
  return `${fields.get('startdate') ?? fields.get('start_date')}..${fields.get('enddate') ?? fields.get('end_date')}`;
};

/** Every answer says which days it is about, as a provider's does. */
const said: Answer = (asked) => [200, JSON.stringify({ status: 0, span: spanOf(asked) })];

async function weights(answer: Answer = said) {
  const stand = openStand();
  const asked = answering('scale.example', answer);
  const connection = await stand.connect('scale', { scopes: ['body'] });
  const run = (signal?: AbortSignal, onProgress?: (progress: BackfillProgress) => void) =>
    backfill(stand.runtime, { provider: 'scale', userId: connection.user_id, ...RANGE, signal, onProgress });
  const stored = async () => (await stand.fetched()).map(({ data }) => JSON.stringify(data)).toSorted();
  return { ...stand, asked, connection, run, stored };
}

test('past days are fetched newest first, one event a part, and what was not granted is left out in words', async () => {
  const { asked, events, run } = await weights();
  const [report] = await run();
  // 181 days are seven parts of at most thirty.
  expect(report).toMatchObject({
    state: 'finished',
    requests: 7,
    left_out: { nights: 'Scale was not allowed to give nights.' },
  });
  expect(asked).toHaveLength(7);
  const starts = asked.map((one) => Number(spanOf(one).split('..')[0]));
  expect(starts).toEqual(starts.toSorted((a, b) => b - a));
  expect(starts.at(-1)).toBe(Date.UTC(2025, 11, 31, 23) / 1000);
  const told = events.filter(
    (event) => event.detailType === 'Raw Object Stored' && event.detail.type === 'scale.measures',
  );
  expect(told).toHaveLength(asked.length);
});

test('who watches hears how far it is, how fast, what is left and what the provider still allows', async () => {
  const { run, runtime } = await weights((asked) => {
    void runtime.clock.sleep(1000);
    return said(asked, []);
  });
  const heard: BackfillProgress[] = [];
  await run(undefined, (progress) => heard.push(progress));
  const counts = heard.map(({ done }) => done);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(heard.at(-1)).toMatchObject({
    done: heard.at(-1)?.total,
    secondsLeft: 0,
    from: RANGE.from,
    stream: 'measures',
  });
  expect(heard.every(({ quotaLeft }) => quotaLeft !== null && quotaLeft < 120)).toBe(true);
});

const whole = async () => {
  const { run, stored, asked } = await weights();
  await run();
  return { stored: await stored(), requests: asked.length };
};

describe('interrupted anywhere', () => {
  test('it goes on where it was and brings the same as without', async () => {
    const expected = await whole();
    for (let after = 0; after < expected.requests; after += 1) {
      const stop = new AbortController();
      let count = 0;
      const { run, stored, asked } = await weights((one, before) => {
        count += 1;
        if (count > after) stop.abort();
        return said(one, before);
      });
      const [paused] = await run(stop.signal);
      expect(paused?.state).toBe('paused');
      const [finished] = await run();
      expect(finished?.state).toBe('finished');
      expect(await stored()).toEqual(expected.stored);
      expect(asked).toHaveLength(expected.requests);
    }
  });

  test('a process that dies between the store and the record asks for one part again, and stores nothing twice', async () => {
    const expected = await whole();
    const stand = await weights();
    const stop = new AbortController();
    const state = stand.runtime.state;
    let dies = true;
    const dying = {
      ...state,
      put: async (kind: string, id: string, value: unknown, options?: object) => {
        if (kind === 'backfill' && dies && JSON.stringify(value).includes('"done":"2026')) {
          dies = false;
          throw new Error('killed');
        }
        return state.put(kind, id, value, options);
      },
    };
    const request = { provider: 'scale', userId: stand.connection.user_id, ...RANGE, signal: stop.signal };
    await expect(backfill({ ...stand.runtime, state: dying }, request)).rejects.toThrow('killed');
    await stand.run();
    expect(await stand.stored()).toEqual(expected.stored);
    expect(stand.asked).toHaveLength(expected.requests + 1);
  });
});

test('a provider that fails pauses it, and the sweep goes on when its time has come', async () => {
  let well = false;
  const { run, runtime, clock, connection } = await weights((asked, before) =>
    well ? said(asked, before) : [500, ''],
  );
  const [paused] = await run();
  expect(paused).toMatchObject({ state: 'paused', chunks_done: 0 });
  expect(paused?.retry_at).not.toBeNull();
  well = true;
  // The one after connecting is over already.
  const record = await readBackfill(runtime, `${connection.connection_id}/2026-01-01/2026-06-30`);
  await runtime.state.put('backfill', connection.connection_id, { ...record, finishedAt: 1 });
  expect(await continueBackfills(runtime)).toBe(1);
  clock.advance(3_600_000);
  expect(await continueBackfills(runtime)).toBe(0);
});

test('after connecting it goes back as far as the provider says, a slice at a time', async () => {
  const { asked, runtime, connection } = await weights();
  await startBackfill(runtime, connection);
  const [{ value } = { value: undefined }] = await openBackfills(runtime);
  // 330 days with today: 31 + 28 + … + 31 = 304 of January to October and 20 of November leave six of December.
  expect(value?.stretches).toContainEqual({ type: 'measures', from: '2025-12-26', to: '2026-11-20', done: null });
  expect(await continueBackfills(runtime)).toBe(0);
  expect(asked.length).toBeGreaterThan(0);
});

test('connected again, it brings the days between the last look and the look-back of today', async () => {
  const { runtime, connection, clock } = await weights();
  await startBackfill(runtime, connection);
  await continueBackfills(runtime);
  clock.advance(30 * 86_400_000);
  await startBackfill(runtime, connection);
  const [{ value } = { value: undefined }] = await openBackfills(runtime);
  // 14 November was asked for as often as a day is; the look of 20 December begins with the 14th.
  const measures = value?.stretches.filter(({ type }) => type === 'measures');
  expect(measures).toEqual([{ type: 'measures', from: '2026-11-15', to: '2026-12-13', done: null }]);
});

test('a connection whose beginning was lost with its process is begun by the sweep', async () => {
  const { asked, runtime } = await weights();
  expect(await continueBackfills(runtime)).toBe(0);
  expect(asked.length).toBeGreaterThan(0);
});

describe('a provider that sends old days itself', () => {
  test.each([
    [202, 'finished', {}],
    [409, 'finished', {}],
    [403, 'paused', {}],
    [410, 'finished', { dailies: 'Watch says there is nothing at this address any more.' }],
    [500, 'paused', {}],
    [429, 'paused', {}],
  ])('is asked once a window; %i: %s', async (status, state, left_out) => {
    const stand = openStand();
    const asked = answering('watch.example', () => [status, '']);
    const { user_id: userId } = await stand.connect('watch', { scopes: [] });
    const request = { provider: 'watch', userId, from: '2026-01-01', to: '2026-02-09', maxWaitMs: 0 };
    const [report] = await backfill(stand.runtime, request);
    expect(report?.state).toBe(state);
    expect(report?.left_out).toEqual(left_out);
    // Forty days are two windows.
    if (status === 202 || status === 409) expect(asked).toHaveLength(2);
    expect(asked[0]?.path).toBe(
      `/backfill/dailies?from=${Date.UTC(2026, 0, 10, 23) / 1000}&to=${Date.UTC(2026, 1, 9, 23) / 1000}`,
    );
    expect(await stand.fetched()).toEqual([]);
  });
});

describe('days no provider can have', () => {
  test.each([
    // The stand opens on 20 November; the scale goes back 330 days, the ring names no bound.
    ['scale', '0001-01-01', '2026-01-31', '2025-12-26', '2026-01-31'],
    ['scale', '2026-11-10', '9999-12-31', '2026-11-10', '2026-11-20'],
    ['ring', '0001-01-01', '2026-11-20', '2000-01-01', '2026-11-20'],
  ])('%s is not asked for %s to %s but for %s to %s', async (provider, from, to, first, last) => {
    const stand = openStand();
    const asked = answering(`${provider}.example`, () => [200, '{"status":0}']);
    const { user_id: userId } = await stand.connect(provider, { scopes: ['body'] });
    const [report] = await backfill(stand.runtime, { provider, userId, from, to });
    expect(report).toMatchObject({ from: first, to: last, state: 'finished' });
    expect(asked.length).toBeGreaterThan(0);
  });

  test.each([
    ['2026-11-21', '2026-12-31'],
    ['2020-01-01', '2025-12-25'],
    ['2026-02-02', '2026-02-01'],
  ])('%s to %s is refused, and nobody is asked', async (from, to) => {
    const stand = openStand();
    const asked = answering('scale.example', said);
    const { user_id: userId } = await stand.connect('scale');
    const refused = backfill(stand.runtime, { provider: 'scale', userId, from, to });
    await expect(refused).rejects.toMatchObject({
      code: 'bad_range',
      status: 400,
      exit: 2,
      remedy: expect.stringContaining('2025-12-26 to 2026-11-20'),
    });
    expect(asked).toEqual([]);
    expect(await openBackfills(stand.runtime)).toEqual([]);
  });
});

test('a connection that ends while its old days are fetched takes the backfill along for good', async () => {
  const stand = openStand();
  let ending: Promise<unknown> | undefined;
  answering('ring.example', () => {
    ending ??= disconnect(stand.runtime, { provider: 'ring', user: { user_id: connection.user_id } });
    return [200, '{"data":[]}'];
  });
  const connection = await stand.connect('ring');
  await startBackfill(stand.runtime, connection);
  await continueBackfills(stand.runtime);
  await ending;
  await continueBackfills(stand.runtime);
  expect(await stand.runtime.state.list('backfill')).toEqual([]);
});
