import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAddress } from '../../../../providers/kit/egress/gate.ts';
import { ACCEPTED, ALLOWED, REFUSED } from './addresses.ts';

const passes = (text: string): boolean => checkAddress(text, ALLOWED).ok;

describe('an address that came from the network', () => {
  it.each(ACCEPTED)('is followed when it is a plain one of the list: %s', (text) => {
    const result = checkAddress(text, ALLOWED);
    expect(result.ok && [result.url.host, result.url.pathname.startsWith('/wellness-api/rest/')]).toEqual([
      'apis.garmin.com',
      true,
    ]);
  });

  for (const [why, texts] of Object.entries(REFUSED)) {
    it.each(texts.map((text) => [JSON.stringify(text), text]))(`is refused for ${why}: %s`, (_shown, text) => {
      expect(checkAddress(text, ALLOWED)).toMatchObject({ ok: false });
    });
  }

  it('is refused in more than 150 ways, each written once', () => {
    const all = Object.values(REFUSED).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(150);
  });

  it('is refused where the provider sends none, and where its list is empty', () => {
    expect(checkAddress(ACCEPTED[0] ?? '', undefined).ok).toBe(false);
    expect(checkAddress(ACCEPTED[0] ?? '', { hosts: [], paths: [] }).ok).toBe(false);
    expect(checkAddress(ACCEPTED[0] ?? '', { ...ALLOWED, paths: [] }).ok).toBe(false);
  });

  it('is refused as a number even where the list holds that number', () => {
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '93.184.216.34']) {
      expect(checkAddress(`https://${host}/a/b`, { hosts: [host], paths: ['/a/'] }).ok, host).toBe(false);
    }
  });

  it('keeps to whole segments of a listed path that has no slash at its end', () => {
    const listed = { hosts: ['a.example'], paths: ['/v1/data'] };
    expect(checkAddress('https://a.example/v1/data/x', listed).ok).toBe(true);
    expect(checkAddress('https://a.example/v1/database/x', listed).ok).toBe(false);
  });

  it('is not repeated by the refusal, which is read by people and kept in logs', () => {
    const canary = 'CANARY7f3a';
    for (const text of Object.values(REFUSED).flat()) {
      expect(JSON.stringify(checkAddress(`${text}\n?token=${canary}`, ALLOWED))).not.toContain(canary);
    }
  });
});

/** An address of the list, cut into what an attacker might change. */
const good = ['https', '://', 'apis.garmin.com', '', '/wellness-api/rest/', 'epochs', '?token=t'] as const;
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '@',
    ':',
    '\\',
    '#',
    '/..',
    '/../',
    '%2e',
    '%2f',
    '%00',
    '\t',
    '\n',
    '。',
    '.',
    '//',
    'evil.example',
    ':80',
  ),
);

describe('whatever stands in an address', () => {
  it('passes only when Node, reading it, would ask the listed host on 443 below the listed path', () => {
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.boolean(), odd, (index, replace, text) => {
        const parts: string[] = [...good];
        parts[index] = replace ? text : `${parts[index]}${text}`;
        const address = parts.join('');
        if (!passes(address)) return;
        const url = new URL(address);
        expect([url.protocol, url.host, url.username, url.password, url.hash]).toEqual([
          'https:',
          'apis.garmin.com',
          '',
          '',
          '',
        ]);
        expect(url.pathname).toMatch(/^\/wellness-api\/rest\/[^./%\\;][^%\\;]*$/);
      }),
      { numRuns: 5000 },
    );
  });

  it('is refused when a host that is not the listed one stands in its place', () => {
    fc.assert(
      fc.property(
        fc.webAuthority({ withUserInfo: true, withPort: true, withIPv4: true, withIPv6: true }),
        (authority) => {
          expect(passes(`https://${authority}/wellness-api/rest/epochs`)).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('passes for every plain segment and every encoded token', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,20}$/);
    fc.assert(
      fc.property(segment, fc.base64String({ maxLength: 60 }), (name, token) => {
        expect(passes(`https://apis.garmin.com/wellness-api/rest/${name}?token=${encodeURIComponent(token)}`)).toBe(
          true,
        );
      }),
    );
  });
});
