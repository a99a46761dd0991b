import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeByStatus } from '../../../providers/kit/api.ts';
import type { Collect, NoticeMeaning, Window } from '../../../providers/kit/collect.ts';
import type { Provider } from '../../../providers/kit/provider.ts';
import type { Evidence } from '../provider.ts';
import { columnOf } from './identity.ts';
import { problemsOf } from './requests.ts';

const DAY_MS = 86_400_000;

/** What is fetched, page by page, and what notices mean. */
export function fetchContract(provider: Provider, collect: Collect, evidence: Evidence): void {
  const { streams, limits, judge = judgeByStatus, readNotice, callbacks } = collect;
  const recorded = (type: string): unknown => {
    const text = evidence.types[type];
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  };

  test('each type is asked for once, in words, and holds metrics of the catalogue', () => {
    const types = streams.map(({ type }) => type);
    expect(types.filter((type, place) => types.indexOf(type) !== place)).toEqual([]);
    expect(streams.filter(({ title, type }) => title === type || title.trim() === '')).toEqual([]);
    const known = new Set(columnOf('models/metrics.csv', 0));
    expect(streams.flatMap(({ metrics }) => metrics).filter((metric) => !known.has(metric))).toEqual([]);
  });

  test('the limits are counts in a time, and windows are of whole days', () => {
    expect(limits.filter(({ requests, windowS }) => !(requests >= 1 && windowS >= 1 && windowS <= 86_400))).toEqual([]);
    expect(streams.filter(({ windowDays }) => !(Number.isInteger(windowDays) && windowDays >= 1))).toEqual([]);
    expect(collect.backfillDays ?? 1).toBeGreaterThanOrEqual(1);
  });

  test('the request for a window asks for no day outside of it but the next, whose start may close it', () => {
    if (streams.length === 0) return;
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.integer({ min: 0, max: 5000 }),
        fc.nat(400),
        (stream, first, days) => {
          const window = windowOf(first, Math.min(days, stream.windowDays - 1));
          const request = stream.request(window, undefined);
          expect(problemsOf(request)).toEqual([]);
          const from = Date.parse(window.from) - DAY_MS;
          const to = Date.parse(window.to) + 2 * DAY_MS;
          const named = Object.values({ ...request.query, ...request.form }).flatMap(instantOf);
          expect(named.filter((ms) => ms < from || ms > to)).toEqual([]);
        },
      ),
    );
  });

  test('a page leads to the next by its cursor, and the last one to none', () => {
    const window = windowOf(1000, 0);
    for (const stream of streams) {
      const cursor = stream.next(recorded(stream.type));
      expect(cursor).not.toBe('');
      if (cursor === undefined) continue;
      expect(JSON.stringify(stream.request(window, cursor))).toContain(cursor);
      expect(stream.request(window, cursor)).not.toEqual(stream.request(window, undefined));
    }
    expect(streams.map(({ next }) => next({}))).toEqual(streams.map(() => undefined));
  });

  test('each type knows what an answer to it is, and takes nothing else for one', () => {
    // Sent through its own door instead.
    if (collect.requestBackfill !== undefined) return;
    const shapes = streams.flatMap(({ type, answer, locate }) => [
      { type, answer, is: recorded(type) },
      ...(locate === undefined ? [] : [{ type, answer: locate.answer, is: undefined }]),
    ]);
    expect(shapes.filter(({ answer }) => answer === undefined).map(({ type }) => type)).toEqual([]);
    const unread = shapes.filter(({ answer, is }) => is !== undefined && answer?.safeParse(is).success !== true);
    expect(unread.map(({ type }) => type)).toEqual([]);
    const mirror = { headers: { authorization: 'Bearer a-token' }, args: {}, url: 'https://api.example/' };
    for (const wrong of [null, [], {}, 'text', { status: 2555, error: 'unknown' }, { code: 0, error: '' }, mirror]) {
      expect(shapes.filter(({ answer }) => answer?.safeParse(wrong).success === true)).toEqual([]);
    }
  });

  test('junk is never a page that goes on', () => {
    if (streams.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.jsonValue(), ({ next, locate }, json) => {
        expect([undefined, locate?.read(json)]).toContain(next(json));
      }),
      { numRuns: 1000 },
    );
  });

  test('one thing is found by a request that holds its id, whatever is in it', () => {
    const located = streams.flatMap(({ locate }) => locate ?? []);
    for (const { request, read } of located) {
      expect(problemsOf(request('a/b?c#d'))).toEqual([]);
      expect(read(null)).toBeUndefined();
    }
  });

  test('an answer means what is recorded of it; no answer at all is for later', () => {
    for (const [answer, kind] of evidence.answers ?? []) expect(judge(answer).kind).toBe(kind);
    const broken = { status: 503, headers: {}, body: new Uint8Array() };
    expect(judge(broken).kind).toBe('later');
    expect(judge({ ...broken, status: 429, headers: { 'retry-after': '7' } })).toEqual({
      kind: 'limited',
      retryAfter: '7',
    });
    expect(judge({ ...broken, status: 401 }).kind).toBe('unauthorised');
  });

  test('a notice asks for types that are fetched or followed, and junk for nothing it could not', () => {
    const parts = (evidence.deliveries ?? []).flatMap((text) => provider.webhook?.split(text, 'me') ?? []);
    const notices = parts.filter(({ notice }) => notice);
    const means = notices.map(({ text, resource }) => readNotice(JSON.parse(text), resource));
    expect(notices.length === 0 || means.some((meanings) => meanings.length > 0)).toBe(true);
    const known = new Set([...streams.map(({ type }) => type), ...Object.keys(evidence.types)]);
    const isSound = (one: NoticeMeaning): boolean => {
      // What lies behind the address of an unknown list is kept too; its name is written into a text and a path.
      if (one.kind === 'follow') return callbacks !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(one.type);
      return 'type' in one ? known.has(one.type) : true;
    };
    expect(means.flat().filter((one) => !isSound(one))).toEqual([]);
    const junk = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom(...notices.map(({ text }) => `${text}x`), ''));
    const names = fc.constantFrom('notice', 'ping', 'x', '__proto__', 'constructor');
    fc.assert(
      fc.property(junk, names, (json, resource) => {
        expect(readNotice(json, resource).filter((one) => !isSound(one))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('addresses that come in notices are bounded by host and path', () => {
    expect(callbacks?.hosts.filter((host) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) ?? []).toEqual([]);
    expect(callbacks?.paths.filter((path) => !path.startsWith('/')) ?? []).toEqual([]);
    expect(callbacks === undefined || (callbacks.hosts.length > 0 && callbacks.paths.length > 0)).toBe(true);
  });
}

/** `days` + 1 whole days of UTC, from a day after 2010. */
function windowOf(first: number, days: number): Window {
  const fromMs = Date.parse('2010-01-01T00:00:00Z') + first * DAY_MS;
  const toMs = fromMs + (days + 1) * DAY_MS;
  return { fromMs, toMs, from: dateOf(fromMs), to: dateOf(toMs - DAY_MS) };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The instant a field names: a date, a time or epoch seconds; other fields name none. */
function instantOf(text: string): readonly number[] {
  if (/^\d{10}$/.test(text)) return [Number(text) * 1000];
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? [Date.parse(text)] : [];
}
