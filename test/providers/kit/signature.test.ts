import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Secret } from '../../../providers/kit/secret.ts';
import { type Signature, checkSignature } from '../../../providers/kit/signature.ts';
import { fixture } from '../../support/fixture.ts';

const signature: Signature = {
  header: 'x-signature',
  timestamp: { header: 'x-timestamp', unit: 's_or_ms' },
  encoding: 'hex',
};
const KEY = 'test-client-secret';
const HEX = '0123456789abcdefABCDEF'.split('');
const AT_S = 1_795_158_000;
const NOW = AT_S * 1000;

interface Signed {
  readonly body: Uint8Array;
  readonly headers: Record<string, string>;
}

const sign = (body: string | Uint8Array, stamp = String(AT_S), secret = KEY): Signed => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const mac = createHmac('sha256', secret).update(stamp).update(bytes).digest('hex').toUpperCase();
  return { body: bytes, headers: { 'x-signature': mac, 'x-timestamp': stamp } };
};
const check = (signed: Signed, nowMs = NOW, secrets: readonly string[] = [KEY], how: Signature = signature) => {
  const found = checkSignature(
    how,
    signed,
    secrets.map((secret) => new Secret(secret)),
    nowMs,
  );
  return found.ok ? 'ok' : found.reason;
};
const withHeaders = (signed: Signed, headers: Record<string, string>): Signed => {
  return { ...signed, headers: { ...signed.headers, ...headers } };
};

const atMs = (stamp: string) => (Number(stamp) >= 1e11 ? Number(stamp) : Number(stamp) * 1000);
const inUnit = (unit: 's' | 'ms'): Signature => ({ ...signature, timestamp: { ...signature.timestamp, unit } });

describe('known answers of an independent implementation', () => {
  const shared = { title: z.string(), secret: z.string(), timestamp: z.string(), signature: z.string() };
  const run = z.object({ ...shared, byte: z.number(), times: z.number() });
  const whole = z.object({ ...shared, body: z.string() });
  const vectors = z.array(z.union([whole, run])).parse(JSON.parse(fixture('oura/vectors.json')));
  const bodyOf = (vector: (typeof vectors)[number]) =>
    'body' in vector ? Buffer.from(vector.body, 'base64') : Buffer.alloc(vector.times, vector.byte);

  test('there are at least sixteen, under two secrets, in seconds and in milliseconds', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(16);
    expect(new Set(vectors.map(({ secret }) => secret)).size).toBe(2);
    expect(new Set(vectors.map(({ timestamp }) => timestamp.length >= 13 && !timestamp.startsWith('0')))).toEqual(
      new Set([true, false]),
    );
  });

  test.each(vectors)('$title is accepted, and under no other secret, time or body', (vector) => {
    const headers = { 'x-signature': vector.signature, 'x-timestamp': vector.timestamp };
    const signed = { body: bodyOf(vector), headers };
    const now = atMs(vector.timestamp);
    expect(check(signed, now, [vector.secret])).toBe('ok');
    expect(check(withHeaders(signed, { 'x-signature': vector.signature.toLowerCase() }), now, [vector.secret])).toBe(
      'ok',
    );
    expect(check(signed, now, [`${vector.secret} `])).toBe('mismatch');
    expect(check({ ...signed, body: Buffer.concat([signed.body, Buffer.from(' ')]) }, now, [vector.secret])).toBe(
      'mismatch',
    );
    const later = withHeaders(signed, { 'x-timestamp': `0${vector.timestamp}` });
    expect(check(later, now, [vector.secret])).toBe('mismatch');
  });

  test('the one vector that was worked out by hand is accepted', () => {
    const parts = z.object({ secret: z.string(), headers: z.record(z.string(), z.string()), body: z.string() });
    const { secret, headers, body } = parts.parse(JSON.parse(fixture('oura/signature_test_vector.json')));
    const given = {
      'x-signature': headers['x-oura-signature'] ?? '',
      'x-timestamp': headers['x-oura-timestamp'] ?? '',
    };
    expect(check({ body: Buffer.from(body), headers: given }, 1_672_560_000_000, [secret])).toBe('ok');
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.runIf(python)('the script beside them writes them again', () => {
    const script = fileURLToPath(new URL('../../fixtures/oura/vectors.py', import.meta.url));
    const { stdout, status } = spawnSync('python3', [script], { encoding: 'utf8' });
    expect([status, stdout === fixture('oura/vectors.json')]).toEqual([0, true]);
  });
});

describe('when it was signed', () => {
  // The same delivery, looked at from a clock that runs ahead or behind.
  test.each([
    [-301, 'expired'],
    [-300, 'ok'],
    [0, 'ok'],
    [300, 'ok'],
    [301, 'expired'],
  ])('%i s away from our clock is %s, in seconds and in milliseconds', (awayS, expected) => {
    expect(check(sign('{}', String(AT_S + awayS)))).toBe(expected);
    expect(check(sign('{}', String((AT_S + awayS) * 1000)))).toBe(expected);
  });

  test('the millisecond after five minutes is too much', () => {
    expect(check(sign('{}', String(NOW - 300_000)))).toBe('ok');
    expect(check(sign('{}', String(NOW - 300_001)))).toBe('expired');
    expect(check(sign('{}', String(NOW + 300_001)))).toBe('expired');
  });

  test('where the unit is known, the size of the number changes nothing', () => {
    expect(check(sign('{}', String(AT_S)), NOW, [KEY], inUnit('s'))).toBe('ok');
    expect(check(sign('{}', String(NOW)), NOW, [KEY], inUnit('s'))).toBe('expired');
    expect(check(sign('{}', String(NOW)), NOW, [KEY], inUnit('ms'))).toBe('ok');
    expect(check(sign('{}', String(AT_S)), NOW, [KEY], inUnit('ms'))).toBe('expired');
  });

  // All of them are signed rightly: it is the time that cannot be read.
  test.each([
    '',
    ' ',
    'NaN',
    'Infinity',
    '-1',
    `-${AT_S}`,
    `+${AT_S}`,
    '1e9',
    '1e309',
    '0x6b000000',
    `${AT_S}.0`,
    `${AT_S},${AT_S}`,
    `${AT_S}, ${AT_S}`,
    ` ${AT_S}`,
    `${AT_S} `,
    `${AT_S}\n`,
    '1795158000n',
    '1_795_158_000',
    '１７９５１５８０００',
    '١٧٩٥١٥٨٠٠٠',
    '9'.repeat(16),
    '9'.repeat(400),
    '2026-11-20T07:00:00Z',
  ])('the time %j is malformed', (stamp) => {
    expect(check(sign('{}', stamp))).toBe('malformed');
  });
});

describe('what it is signed with', () => {
  const right = sign('{"event_type":"update"}').headers['x-signature'] ?? '';

  test.each([
    '',
    right.slice(1),
    `${right}0`,
    `${right}${right}`,
    `${right}, ${right}`,
    `${right},${right}`,
    ` ${right}`,
    `${right}\n`,
    `sha256=${right}`,
    `v1=${right}`,
    right.replace(/.$/, 'g'),
    'zz'.repeat(32),
    '０'.repeat(64),
    Buffer.from(right, 'hex').toString('base64'),
    '\u0000'.repeat(64),
  ])('the signature %j is malformed', (given) => {
    expect(check(withHeaders(sign('{"event_type":"update"}'), { 'x-signature': given }))).toBe('malformed');
  });

  test('base64 is read where it is what the provider sends, and nowhere else', () => {
    const inBase64: Signature = { ...signature, encoding: 'base64' };
    const signed = sign('{}');
    const given = Buffer.from(signed.headers['x-signature'] ?? '', 'hex').toString('base64');
    expect(check(withHeaders(signed, { 'x-signature': given }), NOW, [KEY], inBase64)).toBe('ok');
    expect(check(signed, NOW, [KEY], inBase64)).toBe('malformed');
    expect(check(withHeaders(signed, { 'x-signature': given.replace(/=$/, '') }), NOW, [KEY], inBase64)).toBe(
      'malformed',
    );
  });

  test('bits that base64 leaves over are zero', () => {
    const inBase64: Signature = { ...signature, encoding: 'base64' };
    const signed = sign('{}');
    const given = Buffer.from(signed.headers['x-signature'] ?? '', 'hex').toString('base64');
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const next = letters.charAt(letters.indexOf(given.charAt(42)) + 1);
    const other = `${given.slice(0, 42)}${next}=`;
    expect(Buffer.from(other, 'base64').equals(Buffer.from(given, 'base64'))).toBe(true);
    expect(check(withHeaders(signed, { 'x-signature': other }), NOW, [KEY], inBase64)).toBe('malformed');
  });

  test('a missing header is missing, whichever it is', () => {
    const { body, headers } = sign('{}');
    expect(check({ body, headers: { 'x-timestamp': headers['x-timestamp'] ?? '' } })).toBe('missing');
    expect(check({ body, headers: { 'x-signature': headers['x-signature'] ?? '' } })).toBe('missing');
    expect(check({ body, headers: {} })).toBe('missing');
  });

  test('while a secret is replaced both are right, afterwards the old one no more', () => {
    const [old, fresh] = [sign('{}', String(AT_S), 'old'), sign('{}', String(AT_S), 'fresh')];
    expect([check(old, NOW, ['fresh', 'old']), check(fresh, NOW, ['fresh', 'old'])]).toEqual(['ok', 'ok']);
    expect([check(old, NOW, ['fresh']), check(fresh, NOW, ['fresh'])]).toEqual(['mismatch', 'ok']);
  });

  test.each([[], [''], [' '], ['\t\n'], ['', ' ', '\u00a0'], ['CHANGE_ME'], ['changeme'], [' Change-Me ']])(
    'with %j as secrets nothing is accepted, not even what was signed with them',
    (...secrets: readonly string[]) => {
      for (const secret of ['', ' ', 'x', ...secrets]) {
        expect(check(sign('{}', String(AT_S), secret), NOW, secrets)).toBe('unconfigured');
      }
    },
  );

  test('a blank secret beside a right one proves nothing', () => {
    expect(check(sign('{}', String(AT_S), ' '), NOW, [KEY, ' '])).toBe('mismatch');
    expect(check(sign('{}', String(AT_S), ''), NOW, ['', KEY])).toBe('mismatch');
    expect(check(sign('{}'), NOW, ['', KEY])).toBe('ok');
  });
});

test('whatever the headers and the body are, it never throws and never accepts', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...HEX) }),
    fc.constant(String(AT_S)),
  );
  const sixtyFour = fc.string({ unit: fc.constantFrom(...HEX), minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(fc.oneof(text, sixtyFour), text, fc.uint8Array({ maxLength: 200 }), (given, stamp, body) => {
      const found = check({ body, headers: { 'x-signature': given, 'x-timestamp': stamp } });
      expect(['missing', 'malformed', 'mismatch']).toContain(found);
    }),
    { numRuns: 10_000 },
  );
});
