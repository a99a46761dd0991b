import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { ApiRequest } from '../../providers/kit/api.ts';
import { readAnswer } from '../../providers/kit/oauth/tokens.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { withings } from '../../providers/withings.ts';
import { providerContract } from '../contract/provider.ts';
import { fixture } from '../support/fixture.ts';

const answered = (json: unknown, status = 200) => ({
  status,
  headers: {},
  body: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)),
});

const saved = (name: string) => fixture(`withings/${name}.json`);
const recordedErrors = z.array(z.looseObject({ status: z.number() })).parse(JSON.parse(saved('error-responses')));
const recordedForms = z.array(z.object({ body: z.string() })).parse(JSON.parse(saved('notification-form-bodies')));
const [badToken, badCode, tooMany, badAddress] = recordedErrors;

providerContract(withings, {
  deliveries: recordedForms.map(({ body }) => JSON.stringify(body)),
  types: {
    getmeas: saved('aiowithings-measurement'),
    getactivity: saved('aiowithings-activity'),
    getintradayactivity: saved('captured-measurev2-getintradayactivity-0'),
    getworkouts: saved('aiowithings-workouts'),
    'sleep-get': { why: 'no recorded answer is free to use; the golden tests write one by the documents' },
    'sleep-getsummary': saved('aiowithings-sleep_summary-trimmed'),
    notice: JSON.stringify(recordedForms[0]?.body),
  },
  unread: { notice: 'a notice holds no value' },
  tokens: {
    grant: JSON.parse(saved('doc-token-response')),
    errors: [
      [badCode, 'invalid_grant'],
      [tooMany, 'temporarily_unavailable'],
    ],
  },
  answers: [
    [answered(badToken), 'unauthorised'],
    [answered(tooMany), 'limited'],
    [answered(badAddress), 'refused'],
  ],
});

const judge = (status: unknown) => withings.collect.judge(answered({ status, body: {}, error: 'text of theirs' }));
const bodies = z.array(z.object({ appli: z.number().nullable(), body: z.string() }));
const forms = bodies.parse(JSON.parse(fixture('withings/notification-form-bodies.json')));
const read = (form: string) => withings.collect.readNotice(form, 'notice');

describe('a notice', () => {
  test.each(forms.filter(({ body }) => body !== ''))('$body goes to its account, its text unchanged', ({ body }) => {
    const text = JSON.stringify(body);
    const userid = /userid=(\d+)/.exec(body)?.[1];
    expect(withings.webhook.split(text)).toEqual([{ externalId: userid, resource: 'notice', text, notice: true }]);
  });

  test.each(['appli=1', 'userid=', 'userid=%20', 'userid=1&userid=2', 'userid=../x', 'hello', '{"userid":1}'])(
    '%s belongs to nobody',
    (body) => {
      const [part] = withings.webhook.split(JSON.stringify(body));
      expect(part).toMatchObject({ externalId: undefined, notice: true });
    },
  );

  test.each([
    ['16', 'notice'],
    ['46', 'notice'],
    // Documented, and nobody here asks for them.
    ['50', 'notice'],
    ['62', 'notice'],
    ['99', 'appli-99'],
    ['160', 'appli-160'],
  ])('of kind %s is of the type %s', (appli, resource) => {
    const [part] = withings.webhook.split(JSON.stringify(`userid=1&appli=${appli}`));
    expect(part).toMatchObject({ externalId: '1', resource, notice: true });
  });

  test('of a weighing is fetched with an hour on either side', () => {
    // startdate 1706376729, enddate 1706376730
    expect(read(forms[0]?.body ?? '')).toEqual([
      { kind: 'fetch', type: 'getmeas', fromMs: (1706376729 - 3600) * 1000, toMs: (1706376730 + 3600) * 1000 },
    ]);
  });

  test('of a night asks for its stages and its summary', () => {
    const span = { fromMs: (1709336580 - 3600) * 1000, toMs: (1709368500 + 3600) * 1000 };
    expect(read(forms[1]?.body ?? '')).toEqual([
      { kind: 'fetch', type: 'sleep-get', ...span },
      { kind: 'fetch', type: 'sleep-getsummary', ...span },
    ]);
  });

  test('of a day asks for all of the day, whether it is named by date or by a second of it', () => {
    const types = ['getactivity', 'getintradayactivity', 'getworkouts'];
    expect(read('userid=1&appli=16&date=2024-06-24')).toEqual(
      types.map((type) => ({ kind: 'fetch', type, day: '2024-06-24' })),
    );
    const about = { fromMs: (1719248100 - 86_400) * 1000, toMs: (1719248100 + 86_400) * 1000 };
    expect(read('userid=1&appli=16&date=1719248100')).toEqual(types.map((type) => ({ kind: 'fetch', type, ...about })));
  });

  test.each([
    ['userid=1&appli=1', [{ kind: 'fetch', type: 'getmeas' }]],
    ['userid=1&appli=4&startdate=1706376730&enddate=1706376729', [{ kind: 'fetch', type: 'getmeas' }]],
    ['userid=1&appli=58&startdate=x&enddate=-1', [{ kind: 'fetch', type: 'getmeas' }]],
    ['userid=1&appli=46&action=unlink', [{ kind: 'ended', how: 'revoked' }]],
    ['userid=1&appli=46&action=delete', [{ kind: 'ended', how: 'deregistered' }]],
    ['userid=1&appli=46&action=update', []],
    ['userid=1&appli=50&date=1530576000&deviceid=x', []],
    ['userid=1&appli=54', []],
    ['userid=1&appli=constructor', []],
    ['userid=1', []],
  ])('%s means %j', (form, meanings) => {
    expect(read(form)).toEqual(meanings);
  });

  test('never throws, whatever it is, and asks for nothing that is not fetched', () => {
    const known = new Set(withings.collect.streams.map(({ type }) => type));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), fc.integer({ min: 0, max: 70 }), (data, appli) => {
        const notice = typeof data === 'string' ? `appli=${appli}&${data}` : data;
        for (const one of withings.collect.readNotice(notice, 'notice')) {
          expect(one.kind === 'ended' || (one.kind === 'fetch' && known.has(one.type))).toBe(true);
        }
      }),
    );
  });
});

describe('the status of an answer, not HTTP’s 200, says what it means', () => {
  const table: readonly (readonly [kind: string, ...statuses: number[]])[] = [
    ['ok', 0],
    ['unauthorised', 100, 101, 102, 200, 401],
    ['forbidden', 214, 277, 2553, 2554, 2555],
    ['refused', 201, 213, 250, 293, 342, 353, 503, 532, 3019],
    ['gone', 286, 343],
    ['later', 305, 522, 524, 1, 599, -1],
  ];
  const rows = table.flatMap(([kind, ...statuses]) => statuses.map((status) => ({ kind, status })));

  test.each(rows)('$status is $kind', ({ status, kind }) => {
    expect(judge(status)).toMatchObject({ kind });
  });

  test('601 waits a minute', () => {
    expect(judge(601)).toEqual({ kind: 'limited', retryAfter: '60' });
  });

  test('the recorded errors mean what they say, and their text goes nowhere', () => {
    const errors = z.array(z.unknown()).parse(JSON.parse(fixture('withings/error-responses.json')));
    const verdicts = errors.map((error) => withings.collect.judge(answered(error)));
    expect(verdicts.map(({ kind }) => kind)).toEqual(['unauthorised', 'refused', 'limited', 'refused']);
    expect(JSON.stringify(verdicts)).not.toMatch(/XRequestID|Invalid Params/);
  });

  test.each(['', 'gateway', '[]', '{}', '{"status":"0"}', '{"status":0.5}'])('%j is no answer: later', (text) => {
    expect(withings.collect.judge(answered(text))).toMatchObject({ kind: 'later' });
  });

  test('an HTTP failure stays one', () => {
    expect(withings.collect.judge(answered({ status: 0 }, 502))).toMatchObject({ kind: 'later' });
    expect(withings.collect.judge(answered({ status: 0 }, 429))).toMatchObject({ kind: 'limited' });
  });
});

describe('tokens', () => {
  const { readTokens } = withings.oauth;

  test('lie under body, the account’s id is text, and the csrf token is left out', () => {
    const json = z
      .looseObject({ body: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(fixture('withings/doc-token-response.json')));
    // `expires_in` 10800 s after the start of 1970; the userid of the document is 12345678
    const tokens = {
      access: new Secret('SAMPLE_ACCESS_TOKEN'),
      refresh: new Secret('SAMPLE_REFRESH_TOKEN'),
      expiresAt: 10_800_000,
      scopes: ['user.activity', 'user.sleepevents', 'user.metrics'],
      fields: { userid: '12345678' },
    };
    const asNumber = { ...json, body: { ...json.body, userid: 12_345_678 } };
    for (const answer of [json, asNumber]) {
      const outcome = readAnswer(withings.oauth, answer, 0);
      expect(outcome).toEqual({ ok: true, tokens });
      expect(outcome?.ok === true && [outcome.tokens.access.reveal(), outcome.tokens.refresh?.reveal()]).toEqual([
        'SAMPLE_ACCESS_TOKEN',
        'SAMPLE_REFRESH_TOKEN',
      ]);
    }
  });

  test.each([
    [503, 'Invalid Params: invalid code', 'invalid_grant'],
    [503, 'Invalid Params: invalid refresh_token', 'invalid_grant'],
    [503, 'Invalid Params', 'invalid_grant'],
    [503, undefined, 'invalid_grant'],
    [401, 'XRequestID: Not provided invalid_token: The refresh token is invalid', 'invalid_grant'],
    [503, 'Invalid Params: invalid client_id', 'invalid_client'],
    [503, 'Invalid Params: invalid client_secret', 'invalid_client'],
    [503, 'Invalid Params: redirect_uri mismatch', 'invalid_request'],
    [503, 'Invalid Params: the code was given for another redirect_uri', 'invalid_request'],
    [401, undefined, 'invalid_request'],
    [293, 'The callback URL is either unknown or invalid', 'invalid_request'],
    [214, undefined, 'unauthorized_client'],
    [522, 'Timeout', 'temporarily_unavailable'],
    [9999, undefined, 'temporarily_unavailable'],
  ])('status %i with %j is %s', (status, error, word) => {
    expect(readTokens({ status, body: {}, ...(error === undefined ? {} : { error }) })).toEqual({
      ok: false,
      error: word,
    });
  });

  test('too many requests end nothing: they are asked again after a minute', () => {
    expect(readTokens({ status: 601, body: {}, error: 'Too Many Requests' })).toEqual({
      ok: false,
      error: 'temporarily_unavailable',
      retryAfter: '60',
    });
  });

  test.each([undefined, null, [], 'x', { status: 'x' }, { status: 0 }, { status: 0, body: [] }])(
    '%j says neither yes nor no',
    (json) => {
      expect(readTokens(json)).toEqual({ ok: true, tokens: {} });
    },
  );
});

describe('revoking', () => {
  const SECRET = 'client_secret_example';
  const revoke = async (answers: readonly unknown[], secrets: readonly Secret[] = [new Secret(SECRET)]) => {
    const sent: ApiRequest[] = [];
    const queue = [...answers];
    const agreed = await withings.oauth.revoke({
      tokens: { access: new Secret('a'), refresh: null, expiresAt: null, scopes: null, fields: {} },
      externalId: '12345678',
      settings: { clientId: 'client_id_example', clientSecrets: secrets },
      nowS: 1_700_000_000,
      send: (request) => {
        sent.push(request);
        return Promise.resolve(queue.shift());
      },
    });
    return { agreed, sent };
  };
  const nonce = { status: 0, body: { nonce: 'nonce_example' } };

  test('asks for a nonce and signs with it, the values in the order of their names', async () => {
    const { agreed, sent } = await revoke([nonce, { status: 0, body: {} }]);
    expect(agreed).toBe(true);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'https://wbsapi.withings.net/v2/signature',
        form: {
          action: 'getnonce',
          client_id: 'client_id_example',
          timestamp: '1700000000',
          // HMAC-SHA256 of `getnonce,client_id_example,1700000000`, as openssl makes it
          signature: '348a9c3e4e0e249ab69885db883f8cfc01f1c3af58ed17b4997af047f4ad7bea',
        },
      },
      {
        method: 'POST',
        url: 'https://wbsapi.withings.net/v2/oauth2',
        form: {
          action: 'revoke',
          client_id: 'client_id_example',
          nonce: 'nonce_example',
          // of `revoke,client_id_example,nonce_example`; the user id is not signed
          signature: '4cd4b73b901e089b46a3ef85363ce9716070b23162286ac9b34857376002682c',
          userid: '12345678',
        },
      },
    ]);
    expect(JSON.stringify(sent)).not.toContain(SECRET);
  });

  test('says no when Withings does, at either step, and sends nothing without a secret', async () => {
    expect(await revoke([undefined])).toMatchObject({ agreed: false });
    expect(await revoke([{ status: 0, body: {} }])).toMatchObject({ agreed: false });
    expect(await revoke([nonce, undefined])).toMatchObject({ agreed: false });
    expect(await revoke([nonce, {}], [])).toEqual({ agreed: false, sent: [] });
  });
});
