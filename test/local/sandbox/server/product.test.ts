import { expect, test } from 'vitest';
import { judgeByStatus, type ApiAnswer, type ApiRequest } from '../../../../providers/kit/api.ts';
import type { Collect, Stream, Window } from '../../../../providers/kit/collect.ts';
import { oura } from '../../../../providers/oura.ts';
import { withings } from '../../../../providers/withings.ts';
import { held, holding, NOW_S, openSandbox, ouraTokens, withingsTokens, type Opened } from './harness.ts';

const DAY_MS = 86_400_000;
const nowMs = NOW_S * 1000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const windowOf = ({ windowDays }: Stream): Window => {
  const [fromMs, toMs] = [nowMs - Math.min(windowDays, 6) * DAY_MS, nowMs];
  return { fromMs, toMs, from: dayOf(fromMs), to: dayOf(toMs) };
};

/** Sends a request of a provider's own file to the sandbox that plays it. */
async function send(opened: Opened, provider: string, request: ApiRequest, token: string): Promise<ApiAnswer> {
  const { pathname } = new URL(request.url);
  const url = new URL(`${opened.url}/${provider}${pathname}`);
  url.search = new URLSearchParams(request.query ?? {}).toString();
  const answer = await fetch(url, {
    method: request.method,
    headers: { ...request.headers, authorization: `Bearer ${token}` },
    ...(request.form === undefined ? {} : { body: new URLSearchParams(request.form) }),
  });
  const body = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body };
}

/** All pages of a stream, judged by the provider's own rule, as one text. */
async function walk(opened: Opened, provider: { id: string; collect: Collect }, stream: Stream, token: string) {
  const judge = provider.collect.judge ?? judgeByStatus;
  const texts: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined && texts.length < 20;) {
    const request = stream.request(windowOf(stream), cursor === '' ? undefined : cursor);
    const answer = await send(opened, provider.id, request, token);
    expect([stream.type, judge(answer)]).toEqual([stream.type, { kind: 'ok' }]);
    const text = new TextDecoder().decode(answer.body);
    texts.push(text);
    cursor = stream.next(JSON.parse(text));
  }
  return texts;
}

/** Five records of each type, each with a mark of its own. */
const records = (streams: readonly Stream[]) =>
  streams.flatMap(({ type, windowDays }) =>
    [1, 2, 3, 4, 5].map((at) => {
      const daysAgo = windowDays === 1 ? 0 : at;
      const fromS = NOW_S - daysAgo * 86_400 - at * 60;
      const id = `${type}-${at}`;
      const row = { steps: 1, state: 1, data: {}, category: 1, measures: [{ type: 1, value: 1, unit: 0 }] };
      return held(type, daysAgo, {
        id,
        fromS,
        toS: fromS,
        record: { ...row, day: dayOf(fromS * 1000), model: `<${id}>` },
      });
    }),
  );

const marks = (type: string) => [1, 2, 3, 4, 5].map((at) => `<${type}-${at}>`);
const inOrder = (texts: readonly string[]) =>
  [...texts.join('').matchAll(/<[\w-]+>/g)].map(([mark]) => mark).toSorted();

test('all that Oura’s file asks for is answered, page by page, with everything that is held', async () => {
  const { streams } = oura.collect;
  const opened = await openSandbox({ holdings: [holding('oura', 'a', records(streams))], pageSize: 2 });
  const { access } = await ouraTokens(opened, 'a', Object.keys(oura.oauth.scopes).join(' '));
  for (const stream of streams) {
    const texts = await walk(opened, oura, stream, access);
    expect(inOrder(texts)).toEqual(marks(stream.type));
    expect(texts).toHaveLength(3);
  }
});

test('all that Withings’ file asks for is answered, page by page, with everything that is held', async () => {
  const { streams } = withings.collect;
  const opened = await openSandbox({ holdings: [holding('withings', '42', records(streams))], pageSize: 2 });
  const { access } = await withingsTokens(opened, '42', Object.keys(withings.oauth.scopes).join(','));
  for (const stream of streams) {
    const texts = await walk(opened, withings, stream, access);
    expect(inOrder(texts)).toEqual(marks(stream.type));
    // What is asked for a day at a time comes without pages.
    expect(texts).toHaveLength(stream.windowDays === 1 ? 1 : 3);
  }
});
