import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { RevokeContext } from '../../providers/kit/oauth/oauth.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { oura } from '../../providers/oura.ts';
import { providerContract } from '../contract/provider.ts';
import { fixture } from '../support/fixture.ts';

const RECORDED = ['sleep', 'daily_sleep', 'daily_readiness', 'daily_activity', 'daily_spo2', 'daily_stress'];
const OTHERS = ['daily_resilience', 'daily_cardiovascular_age', 'vo2_max', 'workout', 'session', 'heartrate'];

providerContract(oura, {
  deliveries: [fixture('oura/webhook_event_sleep_update.json')],
  types: {
    ...Object.fromEntries([...RECORDED, ...OTHERS].map((type) => [type, fixture(`oura/${type}.json`)])),
    notice: fixture('oura/webhook_event_sleep_update.json'),
  },
  unread: { notice: 'a notice holds no value' },
  tokens: {
    grant: JSON.parse(fixture('oura/oauth_token_response.json')),
    // RFC 6749 5.2, which Oura follows
    errors: [
      [{ error: 'invalid_grant' }, 'invalid_grant'],
      [{ error: 'invalid_client' }, 'invalid_client'],
    ],
  },
});

const EVENT = fixture('oura/webhook_event_sleep_update.json');
const USER = '00000000-0000-4000-8000-00000000000a';
const json = (name: string): unknown => JSON.parse(fixture(`oura/${name}.json`));

const { split } = oura.webhook;
const { streams, judge, readNotice } = oura.collect;
const streamOf = (type: string) => streams.find((stream) => stream.type === type) ?? expect.unreachable(type);
const window = (from: string, to: string) => {
  return { from, to, fromMs: Date.parse(`${from}T00:00:00Z`), toMs: Date.parse(`${to}T23:59:59Z`) };
};

describe('events', () => {
  test('one event is a notice of its person, verbatim', () => {
    expect(split(EVENT)).toEqual([{ externalId: USER, resource: 'notice', notice: true, text: EVENT }]);
  });

  test('a list of events is a notice each, every character kept', () => {
    const text = '[ {"user_id":"a","n":1.0} , {"user_id" : "b"}\n]';
    expect(split(text).map((part) => [part.externalId, part.text])).toEqual([
      ['a', '{"user_id":"a","n":1.0}'],
      ['b', '{"user_id" : "b"}'],
    ]);
  });

  test.each([
    ['sleep', 'notice'],
    ['heartrate', 'notice'],
    // Oura has events for it, and nobody here asks for them.
    ['enhanced_tag', 'notice'],
    ['daily_moonlight', 'daily_moonlight'],
  ])('an event about %s is of the type %s', (data_type, resource) => {
    const text = JSON.stringify({ event_type: 'create', data_type, object_id: 'o', user_id: 'a' });
    expect(split(text)).toEqual([{ externalId: 'a', resource, notice: true, text }]);
    if (resource !== 'notice') expect(readNotice(JSON.parse(text))).toEqual([]);
  });

  test.each([
    '{}',
    '[]',
    'null',
    '"text"',
    '{"user_id":""}',
    '{"user_id":" "}',
    '{"user_id":7}',
    '{"user_id":null}',
    '{"user_id":"\\ud800"}',
    '[[{"user_id":"a"}]]',
  ])('%s is nobody’s, and kept', (text) => {
    const [part] = split(text);
    expect(part).toMatchObject({ externalId: undefined, notice: true });
    expect(text).toContain(part?.text);
  });
});

describe('what a notice asks for', () => {
  const event = (event_type: string, data_type: string, more: object = {}) =>
    readNotice({ event_type, data_type, object_id: 'o', event_time: '2026-11-20T08:00:00+01:00', ...more });
  // 2026-11-20T07:00:00Z and two days before
  const [toMs, fromMs] = [Date.parse('2026-11-20T07:00:00Z'), Date.parse('2026-11-18T07:00:00Z')];

  test('the documented event: that sleep, and the heart rates no event tells of', () => {
    const end = Date.parse('2023-01-01T08:00:00Z');
    expect(readNotice(JSON.parse(EVENT))).toEqual([
      { kind: 'fetch', type: 'sleep', id: '8f9a5221-639e-4a85-81cb-4065ef23f97e' },
      { kind: 'fetch', type: 'heartrate', fromMs: end - 172_800_000, toMs: end },
    ]);
  });

  test('heart rates are asked for after a sleep and after a day of activity', () => {
    expect(event('create', 'daily_activity')).toEqual([
      { kind: 'fetch', type: 'daily_activity', id: 'o' },
      { kind: 'fetch', type: 'heartrate', fromMs, toMs },
    ]);
    expect(event('update', 'daily_readiness')).toEqual([{ kind: 'fetch', type: 'daily_readiness', id: 'o' }]);
    // Without a time that can be read: the look-back.
    expect(event('update', 'sleep', { event_time: 'soon' })[1]).toEqual({ kind: 'fetch', type: 'heartrate' });
  });

  test('what is deleted is not fetched', () => {
    expect(event('delete', 'sleep')).toEqual([{ kind: 'deleted', type: 'sleep', id: 'o' }]);
  });

  test.each([
    ['an unknown type', event('update', 'tag')],
    ['an unknown change', event('merge', 'sleep')],
    ['no event', readNotice({})],
    ['a bare word', readNotice('update')],
    ['null', readNotice(null)],
    ['a type of Object’s own', event('update', '__proto__')],
    ['an id that is none', event('update', 'sleep', { object_id: 5 })],
  ])('%s asks for nothing', (_title, asked) => {
    expect(asked).toEqual([]);
  });
});

describe('fetching', () => {
  test('there is a stream for every type, and none without a scope that is asked for', () => {
    // contract, section 9
    const types =
      'sleep daily_sleep daily_readiness daily_activity heartrate workout session daily_spo2 daily_stress daily_resilience daily_cardiovascular_age vo2_max';
    expect(streams.map(({ type }) => type).toSorted()).toEqual(types.split(' ').toSorted());
    const asked = Object.keys(oura.oauth.scopes);
    expect(streams.filter(({ scope }) => !asked.includes(scope ?? '')).map(({ type }) => type)).toEqual([]);
    expect(new Set(streams.map(({ scope }) => scope))).toEqual(new Set(asked));
  });

  test('dates are asked for with one day more at the end, over the end of a month too', () => {
    const request = streamOf('sleep').request(window('2026-11-24', '2026-11-30'), undefined);
    expect(request).toEqual({
      method: 'GET',
      url: 'https://api.ouraring.com/v2/usercollection/sleep',
      query: { start_date: '2026-11-24', end_date: '2026-12-01' },
    });
  });

  test('the collection of vo2_max has a name of its own', () => {
    const { request, locate } = streamOf('vo2_max');
    expect(request(window('2026-11-20', '2026-11-20'), undefined).url).toBe(
      'https://api.ouraring.com/v2/usercollection/vO2_max',
    );
    expect(locate?.request('a').url).toBe('https://api.ouraring.com/v2/usercollection/vO2_max/a');
  });

  test('heart rates are asked for by instants, thirty days at most', () => {
    const { request, windowDays, locate } = streamOf('heartrate');
    const span = { ...window('2026-11-18', '2026-11-20'), fromMs: 1_795_158_000_123, toMs: 1_795_158_060_000 };
    expect(request(span, 'next').query).toEqual({
      start_datetime: '2026-11-20T07:00:00.123Z',
      end_datetime: '2026-11-20T07:01:00.000Z',
      next_token: 'next',
    });
    expect([windowDays, locate]).toEqual([30, undefined]);
  });

  test('pages go on while there is a token', () => {
    const { request, next } = streamOf('workout');
    expect(next({ data: [], next_token: 'abc' })).toBe('abc');
    expect(request(window('2026-11-01', '2026-11-02'), 'abc').query).toMatchObject({ next_token: 'abc' });
    for (const last of [json('session'), { data: [] }, { next_token: '' }, { next_token: 5 }, null, []]) {
      expect(next(last)).toBeUndefined();
    }
  });

  test('one document tells its date, and its id cannot leave the path', () => {
    const { locate } = streamOf('workout');
    expect(locate?.read({ id: 'w', day: '2026-11-10' })).toBe('2026-11-10');
    for (const other of [{ day: '2026-02-30' }, { day: 5 }, {}, null, 'x']) expect(locate?.read(other)).toBeUndefined();
    expect(locate?.request('../personal_info?x=1').url).toMatch(/\/workout\/\.\.%2Fpersonal_info%3Fx%3D1$/);
  });

  test.each([
    [200, '', { kind: 'ok' }],
    [401, '{"detail":"Invalid token"}', { kind: 'unauthorised' }],
    [401, '{"detail":"Missing scope: stress"}', { kind: 'forbidden' }],
    [403, '', { kind: 'forbidden', detail: expect.stringContaining('membership') }],
    [404, '', { kind: 'gone' }],
    // A subscription that exists, perhaps for an address that was ours before: whoever asked looks.
    [409, '', { kind: 'refused' }],
    [422, '', { kind: 'refused' }],
    [429, '', { kind: 'limited', retryAfter: '17' }],
    [503, '', { kind: 'later' }],
  ])('%i %s means what it says', (status, body, verdict) => {
    expect(judge({ status, headers: { 'retry-after': '17' }, body: Buffer.from(body) })).toMatchObject(verdict);
  });
});

describe('the grant', () => {
  test('is for the account whose id events carry', () => {
    expect(oura.oauth.account.request.url).toBe('https://api.ouraring.com/v2/usercollection/personal_info');
    expect(oura.oauth.account.read(json('personal_info'))).toBe(USER);
    expect(oura.oauth.account.read({ id: '' })).toBeUndefined();
  });

  test('rotates its refresh token, and declares no grace for the old one', () => {
    expect(oura.oauth.refresh).toEqual({ rotates: true });
    expect(oura.oauth.pkce).toBe(false);
  });

  test.each([
    [null, true],
    [{}, true],
    [undefined, false],
  ])('revoked with the answer %j: %j', async (answer, agreed) => {
    const sent: unknown[] = [];
    const context: RevokeContext = {
      tokens: { access: new Secret('a-token'), refresh: null, expiresAt: null, scopes: null, fields: {} },
      externalId: USER,
      settings: {},
      nowS: 0,
      send: async (request, bearer) => (sent.push([request, bearer]), answer),
    };
    expect(await oura.oauth.revoke(context)).toBe(agreed);
    expect(sent).toEqual([
      [{ method: 'POST', url: 'https://api.ouraring.com/oauth/revoke', query: { access_token: 'a-token' } }, undefined],
    ]);
  });
});

describe('subscriptions', () => {
  const settings = { clientId: 'app', clientSecrets: [new Secret('new'), new Secret('old')] };
  const door = { callbackUrl: 'https://well.example/webhooks/oura', verificationToken: 'ours', settings };
  const { wanted, list, readList, create, remove, renew } = oura.subscribe;
  const headers = { 'x-client-id': 'app', 'x-client-secret': 'new' };
  const base = 'https://api.ouraring.com/v2/webhook/subscription';

  test('are one for every change of every type that sends events', () => {
    const keys = wanted.map(({ key }) => key);
    // eleven types, three changes
    expect([keys.length, new Set(keys).size]).toEqual([33, 33]);
    expect(keys).toContain('update/sleep');
    expect(keys).toContain('delete/vo2_max');
    expect(keys.filter((key) => key.endsWith('/heartrate'))).toEqual([]);
  });

  test('are asked for as the app, with its newest secret', () => {
    const {
      callback_url: _,
      verification_token: __,
      ...rest
    } = z.record(z.string(), z.string()).parse(json('webhook_subscription_create_request'));
    const made = create(door, 'update/sleep');
    expect(made).toEqual({
      method: 'POST',
      url: base,
      headers,
      json: { ...rest, callback_url: door.callbackUrl, verification_token: 'ours' },
    });
    expect(list(door)).toEqual({ method: 'GET', url: base, headers });
    const one = { key: 'update/sleep', id: '5d3f', callbackUrl: door.callbackUrl };
    expect(remove(door, one)).toEqual({ method: 'DELETE', url: `${base}/5d3f`, headers });
    expect(renew.request(door, one)).toEqual({ method: 'PUT', url: `${base}/renew/5d3f`, headers });
    expect(renew.beforeDays).toBe(30);
  });

  test('are read with their end; those of types nobody reads are left alone', () => {
    const listed = z.record(z.string(), z.string()).parse(json('webhook_subscription_response'));
    expect(readList([listed, { ...listed, data_type: 'tag' }])).toEqual([
      {
        key: 'update/sleep',
        id: '5d3fe17b-f880-4d93-b9b6-afbfb76c1e78',
        callbackUrl: 'https://example.com/webhooks/oura',
        expiresAt: Date.UTC(2024, 0, 15, 8),
      },
    ]);
    expect(readList({ detail: 'no list' })).toEqual([]);
  });
});

test('a saved answer is imported under the type that is named', async () => {
  const text = fixture('oura/daily_spo2.json');
  const file = { name: 'spo2.json', bytes: Buffer.from(text) };
  const part = { externalId: undefined, resource: 'daily_spo2', notice: false, text };
  expect(await oura.import({ ...file, type: 'oura.daily_spo2' })).toEqual({ ok: true, parts: [part] });
  expect(await oura.import(file)).toMatchObject({ ok: false, code: 'unknown_format' });
});
