import { expect, test } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { pendingOf } from '../../../app/collect/pending.ts';
import { oura } from '../../../providers/oura.ts';
import { withings } from '../../../providers/withings.ts';
import { type Answer, answering, openStand } from './stand.ts';

const HOSTS = { oura: 'api.ouraring.com', withings: 'wbsapi.withings.net' } as const;
const providers = { oura, withings } as const;

/** Somebody connected to a real provider that answers in this way. */
async function standAt(provider: keyof typeof HOSTS, answer: Answer) {
  const stand = openStand();
  const asked = answering(HOSTS[provider], answer);
  const connection = await stand.connect(provider, { scopes: Object.keys(providers[provider].oauth.scopes) });
  return { ...stand, asked, connection };
}

/** HTTP 200, JSON, and no answer of the API: an error, a mirror of what was asked, what another service would say. */
const WRONG: readonly (readonly [string, Answer])[] = [
  ['an error in the way of another provider', () => [200, '{"code":2555,"error":"An unknown error occurred"}']],
  ['a mirror of the request', () => [200, '{"status":0,"headers":{"accept":"*/*"}}']],
  ['a list', () => [200, '[{"status":0,"data":[],"body":{}}]']],
  ['data that are no list, a body that is no object', () => [200, '{"status":0,"data":"","body":[]}']],
  ['null', () => [200, 'null']],
];

test.each((['oura', 'withings'] as const).flatMap((id) => WRONG.map(([what, answer]) => [id, what, answer] as const)))(
  '%s answering %s: nothing is stored, and every day of every stream is asked for again',
  async (id, _what, answer) => {
    const { runtime, fetched } = await standAt(id, answer);
    const { streams, objects } = await collect(runtime, { provider: id });
    expect(objects).toBe(0);
    expect(await fetched()).toEqual([]);
    expect(new Set(streams.map(({ outcome }) => outcome))).toEqual(new Set(['later']));
    const left = await pendingOf(runtime);
    expect(left.map(({ type }) => type).toSorted()).toEqual(
      providers[id].collect.streams.map(({ type }) => type).toSorted(),
    );
    for (const { detail } of left) expect(detail).toContain('no answer of its API');
    expect(JSON.stringify(left)).not.toContain('access-1');
    expect(streams).toHaveLength(left.length);
  },
);

const ECHO: Readonly<Record<keyof typeof HOSTS, Answer>> = {
  oura: ({ bearer }) => [200, JSON.stringify({ data: [], next_token: null, echo: bearer })],
  withings: ({ bearer }) => [200, JSON.stringify({ status: 0, body: { measuregrps: [], echo: bearer } })],
};

/** As some servers write JSON: every letter that may be escaped is. */
const escaped = (text: string): string => text.replaceAll('-', '\\u002d');

test('a token written with escapes is found as well', async () => {
  const { runtime, fetched } = await standAt('oura', ({ bearer }) => [
    200,
    `{"data":[],"echo":"${escaped(bearer ?? '')}"}`,
  ]);
  await collect(runtime, { provider: 'oura' });
  expect(await fetched()).toEqual([]);
});

test.each(['oura', 'withings'] as const)(
  '%s repeating our token in an answer that is right otherwise: nothing is stored, and nothing says the token',
  async (id) => {
    const { runtime, fetched } = await standAt(id, ECHO[id]);
    const report = await collect(runtime, { provider: id });
    expect(report.objects).toBe(0);
    expect(await fetched()).toEqual([]);
    expect(JSON.stringify([report, await pendingOf(runtime)])).not.toContain('access-1');
    expect((await pendingOf(runtime)).length).toBeGreaterThan(0);
  },
);

test('a document asked for by its id that is none leaves the notice open', async () => {
  let broken = true;
  const { asked, notice, look, counters, connection } = await standAt('oura', ({ path }) => {
    if (!path.includes('/sleep/old')) return [200, '{"data":[],"next_token":null}'];
    return [200, broken ? '{"status":2555,"error":"An unknown error occurred"}' : '{"id":"old","day":"2026-03-01"}'];
  });
  await notice('oura', connection.account, { event_type: 'update', data_type: 'sleep', object_id: 'old' });
  expect(await look()).toMatchObject({ finished: 0, left: 1 });
  expect(counters.read()['oura']).toMatchObject({ locate_unreadable: 1 });
  broken = false;
  expect(await look()).toMatchObject({ finished: 1, left: 0 });
  expect(asked.map(({ path }) => path)).toContainEqual(expect.stringContaining('start_date=2026-03-01'));
});

const CALLBACK = 'https://apis.garmin.com/wellness-api/rest/dailies?token=T0p-Secret-of-a-ping';

test.each<readonly [string, string]>([
  ['nothing', ''],
  ['null', 'null'],
  ['an error', '{"errorMessage":"busy"}'],
  ['a mirror of the request', JSON.stringify({ url: CALLBACK })],
  ['a list of words', JSON.stringify([CALLBACK])],
])(
  'the address of a ping that answers %s under HTTP 200 is asked again, and nothing is stored',
  async (_what, wrong) => {
    const stand = openStand();
    let said = wrong;
    const asked = answering('apis.garmin.com', () => [200, said]);
    const { account } = await stand.connect('garmin', { kind: 'link', scopes: [] });
    await stand.notice('garmin', account, { dailies: [{ userId: 'x-1', callbackURL: CALLBACK }] }, 'ping');
    expect(await stand.look()).toMatchObject({ finished: 0, left: 1 });
    expect(await stand.fetched()).toEqual([]);
    expect(stand.counters.read()['garmin']).toMatchObject({ callback_unreadable: expect.any(Number) });
    said = '[]';
    expect(await stand.look()).toMatchObject({ finished: 1, left: 0 });
    expect([asked.length, (await stand.fetched()).length]).toEqual([2, 1]);
  },
);
