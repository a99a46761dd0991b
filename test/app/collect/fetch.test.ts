import { describe, expect, test, vi } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { marksOf } from '../../../app/collect/mark.ts';
import { collectOverdue } from '../../../app/collect/overdue.ts';
import { pendingOf } from '../../../app/collect/pending.ts';
import type { TokenOutcome } from '../../../providers/kit/oauth/oauth.ts';
import { type Answer, answering, openStand, tokensOf } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const DAY_S = 86_400;
/** Paris is an hour ahead: its 14 November 2026 began then. */
const NOV_14 = Date.UTC(2026, 10, 13, 23) / 1000;

const form = (body: string) => Object.fromEntries(new URLSearchParams(body));
const renewed = (now: number): TokenOutcome => ({ ok: true, tokens: { ...tokensOf(now, 'access-2') } });

/** One connection of the made-up scale that may give weights, and what the provider answers. */
async function weights(answer: Answer) {
  const stand = openStand();
  const asked = answering('scale.example', answer);
  const connection = await stand.connect('scale', { scopes: ['body'] });
  return { ...stand, asked, connection, id: connection.connection_id };
}

test('a look asks for the last seven local days of what was granted, and stores the answer byte for byte', async () => {
  const text = '{ "status" : 0, "body":{"value":70.50}}';
  const { runtime, asked, connection, fetched } = await weights(() => [200, text]);
  const report = await collect(runtime, { provider: 'scale' });
  expect(asked.map(({ path }) => path)).toEqual(['/measures']);
  expect(form(asked[0]?.body ?? '')).toEqual({ startdate: String(NOV_14), enddate: String(NOV_14 + 7 * DAY_S) });
  expect(asked[0]?.bearer).toBe('Bearer access-1');
  const [stored] = await fetched();
  const document = new TextDecoder().decode(await runtime.objects.get(stored?.key ?? ''));
  expect(document).toContain(`"data":${text}}`);
  expect(stored?.attributes).toMatchObject({
    source: 'wellspring/scale',
    type: 'scale.measures',
    subject: connection.account,
    receiver: 'fetch',
    connectionid: connection.connection_id,
  });
  expect(report).toMatchObject({ requests: 1, objects: 1, duplicates: 0, busy: [] });
  expect(report.streams.map(({ type, outcome, reason }) => ({ type, outcome, reason }))).toEqual([
    { type: 'measures', outcome: 'stored', reason: null },
    { type: 'nights', outcome: 'skipped', reason: 'scope_missing' },
  ]);
});

test('pages follow each other to the last one, are parts of one delivery, and are told with one event', async () => {
  const pages = ['{"more":true,"offset":2,"p":1}', '{"more":true,"offset":4,"p":2}', '{"more":false,"p":3}'];
  const { runtime, asked, events, fetched } = await weights((_, before) => [200, pages[before.length] ?? '']);
  await collect(runtime, { provider: 'scale' });
  expect(asked.map(({ body }) => form(body)['offset'])).toEqual([undefined, '2', '4']);
  const stored = await fetched();
  const ids = stored.map(({ attributes }) => String(attributes['id'])).toSorted();
  expect(new Set(ids.map((one) => one.split('/')[0])).size).toBe(1);
  expect(ids.map((one) => one.split('/')[1])).toEqual(['1', '2', '3']);
  const told = events.filter(
    (event) => event.detailType === 'Raw Object Stored' && event.detail.type === 'scale.measures',
  );
  expect(told).toHaveLength(1);
});

test('days are cut to what one request may ask, newest first', async () => {
  const { runtime, asked } = await weights(() => [200, '{}']);
  await collect(runtime, { provider: 'scale', days: 61 });
  const starts = asked.map(({ body }) => Number(form(body)['startdate']));
  const ends = asked.map(({ body }) => Number(form(body)['enddate']));
  const [end, day] = [NOV_14 + 7 * DAY_S, (n: number) => n * DAY_S];
  // The clocks went back within the newest thirty days: the hour they have more is asked for on its own.
  const hour = 3600;
  expect(starts).toEqual([end - hour, end - day(30) - hour, end - day(60) - hour, end - day(61) - hour]);
  expect(ends).toEqual([end, end - hour, end - day(30) - hour, end - day(60) - hour]);
});

describe('what never ends', () => {
  test.each([
    ['a cursor that comes again', (n: number) => String(n % 2)],
    ['more than 200 pages', (n: number) => String(n + 1)],
  ])('%s is cut, said, and asked for again a day later', async (_, offset) => {
    const stand = await weights((__, before) => [
      200,
      JSON.stringify({ more: true, offset: offset(before.length), n: before.length }),
    ]);
    const { runtime, asked, id, clock } = stand;
    // The made-up provider allows 120 requests a minute: a look somebody asked for waits for the places that are missing.
    const report = await collect(runtime, { provider: 'scale' });
    expect(report.streams[0]).toMatchObject({ outcome: 'later', reason: 'pages_cut', objects: asked.length });
    expect(asked.length).toBeLessThanOrEqual(200);
    expect(stand.counters.read()['scale']).toMatchObject({ pages_cut: 1 });
    const [noted] = await pendingOf(runtime, id);
    expect(noted).toMatchObject({ days: [], missed: { days: [{ from: '2026-11-14', to: '2026-11-20' }] } });
    expect(noted?.notBeforeMs).toBe(clock.now() + DAY_S * 1000);
  });
});

describe('an answer that is no data', () => {
  const deep = `${'['.repeat(65)}${']'.repeat(65)}`;
  test.each([
    ['a page of HTML', [200, '<html>Maintenance</html>', { 'content-type': 'text/html' }]],
    ['JSON cut short', [200, '{"status":0,"body":{"val']],
    ['nothing', [200, '']],
    ['JSON nested too deep', [200, deep]],
    ['200 with an error in it', [200, '{"status":2554}']],
    ['500', [500, '{"status":0}']],
    ['a redirect', [302, '', { location: 'https://elsewhere.example/' }]],
  ] as const)('%s is not stored, tried three times at most, and noted for later', async (_, reply) => {
    const { runtime, asked, id, fetched, clock } = await weights(() => [reply[0], reply[1], { ...reply[2] }]);
    const report = await collect(runtime, { provider: 'scale' });
    expect(await fetched()).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(report.streams[0]).toMatchObject({ outcome: 'later', objects: 0 });
    const [noted] = await pendingOf(runtime, id);
    expect(noted).toMatchObject({ type: 'measures', days: [{ from: '2026-11-14', to: '2026-11-20' }] });
    expect(noted?.notBeforeMs).toBeGreaterThan(clock.now());
    expect(noted?.notBeforeMs).toBeLessThanOrEqual(clock.now() + 3_600_000);
  });

  test('what is noted is fetched when its time has come, not before, and then forgotten', async () => {
    let well = false;
    const { runtime, asked, id, fetched, clock } = await weights(() => (well ? [200, '{"status":0}'] : [500, '']));
    await collect(runtime, { provider: 'scale' });
    const before = asked.length;
    well = true;
    await collectOverdue(runtime);
    expect(asked).toHaveLength(before);
    clock.advance(3_600_000);
    await collectOverdue(runtime);
    expect(asked).toHaveLength(before + 1);
    expect(await fetched()).toHaveLength(1);
    expect(await pendingOf(runtime, id)).toEqual([]);
  });

  test('failures in a row make the wait grow to an hour and no further', async () => {
    const { runtime, id, clock } = await weights(() => [500, '']);
    await collect(runtime, { provider: 'scale' });
    for (let n = 0; n < 12; n += 1) {
      const [noted] = await pendingOf(runtime, id);
      expect(noted?.attempts).toBe(n + 1);
      expect((noted?.notBeforeMs ?? 0) - clock.now()).toBeLessThanOrEqual(3_600_000);
      clock.advance(3_600_000);
      await collectOverdue(runtime);
    }
  });
});

describe('a token that is not taken', () => {
  test('is renewed once and the request made again', async () => {
    const stand = await weights(({ bearer }) => [
      200,
      bearer === 'Bearer access-2' ? '{"status":0}' : '{"status":401}',
    ]);
    stand.refreshGives(renewed(stand.clock.now()));
    const report = await collect(stand.runtime, { provider: 'scale' });
    expect(stand.refreshes).toHaveLength(1);
    expect(stand.asked.map(({ bearer }) => bearer)).toEqual(['Bearer access-1', 'Bearer access-2']);
    expect(report.streams[0]).toMatchObject({ outcome: 'stored' });
  });

  test('also when it is new means that this stream is not allowed: no storm follows', async () => {
    const stand = await weights(() => [200, '{"status":401}']);
    stand.refreshGives(renewed(stand.clock.now()));
    const report = await collect(stand.runtime, { provider: 'scale' });
    expect(report.streams[0]).toMatchObject({ outcome: 'skipped', reason: 'not_allowed' });
    await collect(stand.runtime, { provider: 'scale' });
    expect(stand.asked).toHaveLength(2);
    expect(stand.refreshes).toHaveLength(1);
    expect(await stand.state(stand.id)).toBe('active');
  });

  test('minutes after one that was renewed, taken and then refused too, is renewed again: what was taken back is told at once', async () => {
    const taken = new Set(['Bearer access-2']);
    const stand = await weights(({ bearer = '' }) => [200, taken.has(bearer) ? '{"status":0}' : '{"status":401}']);
    stand.refreshGives(renewed(stand.clock.now()));
    await collect(stand.runtime, { provider: 'scale' });
    taken.clear();
    stand.refreshGives({ ok: false, kind: 'refused', error: 'invalid_grant' });
    stand.clock.advance(5 * 60_000);
    await collect(stand.runtime, { provider: 'scale' });
    expect(stand.refreshes).toHaveLength(2);
    expect(await stand.state(stand.id)).toBe('needs_reconnect');
  });

  test('and cannot be renewed ends the asking, and what was wanted waits for the person', async () => {
    const stand = await weights(() => [200, '{"status":401}']);
    stand.refreshGives({ ok: false, kind: 'refused', error: 'invalid_grant' });
    await collect(stand.runtime, { provider: 'scale' });
    expect(await stand.state(stand.id)).toBe('needs_reconnect');
    expect(await pendingOf(stand.runtime, stand.id)).toHaveLength(1);
    stand.clock.advance(2 * 3_600_000);
    await collectOverdue(stand.runtime);
    expect(stand.asked).toHaveLength(1);
    expect(await pendingOf(stand.runtime, stand.id)).toHaveLength(1);
  });
});

describe('a refusal that asking again does not change', () => {
  test.each([
    [403, 'not_allowed'],
    [410, 'door_closed'],
    [404, 'door_closed'],
    [422, 'request_refused'],
  ])('%i is noted as %s, ends no connection, and the stream is left alone for a day', async (status, cause) => {
    const stand = openStand();
    const asked = answering('ring.example', () => [status, '{}']);
    const { connection_id: id } = await stand.connect('ring');
    await collect(stand.runtime, { provider: 'ring' });
    await collect(stand.runtime, { provider: 'ring' });
    stand.clock.advance(DAY_S * 1000 - 1000);
    await collect(stand.runtime, { provider: 'ring' });
    expect(asked).toHaveLength(1);
    expect((await marksOf(stand.runtime, id)).map((mark) => mark.cause)).toEqual([cause]);
    expect(await stand.state(id)).toBe('active');
    stand.clock.advance(2000);
    await collect(stand.runtime, { provider: 'ring' });
    expect(asked).toHaveLength(2);
  });
});

test('a provider that asks to wait is left alone until then', async () => {
  const { runtime, asked, id, clock } = await weights(() => [200, '{"status":601}']);
  const before = clock.now();
  await collect(runtime, { provider: 'scale', maxWaitMs: 1000 });
  expect(asked).toHaveLength(1);
  const [noted] = await pendingOf(runtime, id);
  // `Retry-After` of the made-up provider: 60 s.
  expect(noted?.notBeforeMs).toBeGreaterThanOrEqual(before + 60_000);
});
