import { expect, test } from 'vitest';
import { createKeyring } from '../../../providers/kit/keyring.ts';

const SECRET = 'correct horse battery staple';
// printf 'wellspring-key/1|6:garmin|4:path|2:k1' | openssl dgst -sha256 -hmac "$SECRET" -binary | head -c 20 | base32 | tr A-Z a-z
const PATH_KEY = 'k1.y2yyzw6keurgnliwhk4oswpphi423nyt';
// printf 'wellspring-key/1|5:apple|5:token|16:mz3k7q2v5cbx4dvf' | openssl … as above
const TOKEN = 'mz3k7q2v5cbx4dvf.3rabmi25x5afembnryvtuki2odyg3hhz';

test('keys are an HMAC anybody with the secret can compute', () => {
  const keyring = createKeyring({ secrets: [SECRET] });
  expect(keyring.issue('garmin', 'path', 'k1')).toBe(PATH_KEY);
  expect(keyring.issue('apple', 'token', 'mz3k7q2v5cbx4dvf')).toBe(TOKEN);
});

test('a path key names itself, a token also the account it stands for', () => {
  const keyring = createKeyring({ secrets: [SECRET] });
  expect(keyring.check('garmin', 'path', PATH_KEY)).toEqual({ ok: true, keyid: 'k1' });
  expect(keyring.check('apple', 'token', TOKEN)).toEqual({
    ok: true,
    keyid: 'mz3k7q2v5cbx4dvf',
    externalId: 'mz3k7q2v5cbx4dvf',
  });
});

test.each([
  ['no key', 'garmin', 'path', '', 'missing'],
  ['a key without proof', 'garmin', 'path', 'k1', 'malformed'],
  ['an empty proof', 'garmin', 'path', 'k1.', 'malformed'],
  ['a proof cut by one', 'garmin', 'path', PATH_KEY.slice(0, -1), 'malformed'],
  ['a proof with one more', 'garmin', 'path', `${PATH_KEY}a`, 'malformed'],
  ['upper case', 'garmin', 'path', PATH_KEY.toUpperCase(), 'malformed'],
  ['another key id', 'garmin', 'path', PATH_KEY.replace('k1', 'k2'), 'mismatch'],
  ['another provider', 'withings', 'path', PATH_KEY, 'mismatch'],
  ['another purpose', 'garmin', 'token', PATH_KEY, 'mismatch'],
  ['a last letter changed', 'garmin', 'path', `${PATH_KEY.slice(0, -1)}a`, 'mismatch'],
] as const)('%s proves nothing', (_title, provider, purpose, key, reason) => {
  expect(createKeyring({ secrets: [SECRET] }).check(provider, purpose, key)).toEqual({ ok: false, reason });
});

test('names cannot be shifted between provider, purpose and key id', () => {
  const keyring = createKeyring({ secrets: [SECRET] });
  const proof = keyring.issue('ab', 'path', 'c').split('.')[1];
  expect(keyring.check('a', 'path', `bc.${proof}`).ok).toBe(false);
});

test('during a rotation the old key still proves, and new keys are made with the newest secret', () => {
  const both = createKeyring({ secrets: ['newer', SECRET] });
  expect(both.check('garmin', 'path', PATH_KEY).ok).toBe(true);
  const issued = both.issue('garmin', 'path', 'k1');
  expect(createKeyring({ secrets: ['newer'] }).check('garmin', 'path', issued).ok).toBe(true);
  expect(createKeyring({ secrets: ['newer'] }).check('garmin', 'path', PATH_KEY)).toEqual({
    ok: false,
    reason: 'mismatch',
  });
});

test('a revoked key is refused although it proves itself', () => {
  const keyring = createKeyring({ secrets: [SECRET], isRevoked: (keyid) => keyid === 'mz3k7q2v5cbx4dvf' });
  expect(keyring.check('apple', 'token', TOKEN)).toEqual({ ok: false, reason: 'revoked' });
  expect(keyring.check('garmin', 'path', PATH_KEY).ok).toBe(true);
});

test.each([[[]], [['']], [['  \n']], [[SECRET, ' ']]])('no keyring is made of the secrets %j', (secrets) => {
  expect(() => createKeyring({ secrets })).toThrow(TypeError);
});

test.each(['', 'a.b', 'a/b', 'é'])('no key is issued for the id %j', (keyid) => {
  expect(() => createKeyring({ secrets: [SECRET] }).issue('apple', 'token', keyid)).toThrow(TypeError);
});
