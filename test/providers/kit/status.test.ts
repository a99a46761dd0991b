import { expect, test } from 'vitest';
import { judgeByBody, tokensInBody } from '../../../providers/kit/status.ts';

const table = {
  unauthorised: '100-102 200',
  forbidden: '300',
  gone: '400',
  refused: '500-510',
  limited: '601',
  limitedS: '60',
  badGrant: '505',
  meanings: { 501: 'a wrong address' },
};
const answer = (json: unknown) => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(json)) });

test.each([
  [0, { kind: 'ok' }],
  [99, { kind: 'later', detail: 'Ring answered status 99.' }],
  [100, { kind: 'unauthorised' }],
  [102, { kind: 'unauthorised' }],
  [103, { kind: 'later', detail: 'Ring answered status 103.' }],
  [300, { kind: 'forbidden', detail: 'Ring answered status 300.' }],
  [400, { kind: 'gone' }],
  [501, { kind: 'refused', detail: 'Ring answered status 501: a wrong address.' }],
  [511, { kind: 'later', detail: 'Ring answered status 511.' }],
  [601, { kind: 'limited', retryAfter: '60' }],
])('status %i of the body means what its span says: %j', (status, verdict) => {
  expect(judgeByBody('Ring', table)(answer({ status, body: {} }))).toEqual(verdict);
});

test('tokens are what lies under the body, and an error is the word of RFC 6749 it means', () => {
  const read = tokensInBody(table);
  expect(read({ status: 0, body: { access_token: 'a' } })).toEqual({ ok: true, tokens: { access_token: 'a' } });
  const invalid = { ok: false, error: 'invalid_grant' };
  expect(read({ status: 505, body: {}, error: 'Invalid code' })).toEqual(invalid);
  expect(read({ status: 505, error: 'invalid refresh_token for this client' })).toEqual(invalid);
  const wrong = { ok: false, error: 'invalid_request' };
  expect(read({ status: 505, error: 'Unsupported grant type refresh_token' })).toEqual(wrong);
  expect(read({ status: 501, body: {}, error: 'client unknown' })).toEqual({ ok: false, error: 'invalid_client' });
  expect(read({ status: 501, body: {} })).toEqual({ ok: false, error: 'invalid_request' });
  expect(read({ status: 999, body: {} })).toEqual({ ok: false, error: 'temporarily_unavailable' });
});
