import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { safePath } from '../../app/sign-in.ts';
import { openFront } from '../support/front.ts';
import { OWNER_TOKEN } from '../support/pages.ts';

/** One target a line, made up for this project: ways of naming another site that a careless check lets pass. */
const corpus = readFileSync('test/fixtures/open-redirects.txt', 'utf8').replace(/\n$/, '').split('\n');
const BASES = ['http://127.0.0.1:8787', 'https://well.example'];

/** From which of our addresses a browser sent to `target` would leave this site. */
function elsewhere(target: string): readonly string[] {
  return BASES.filter((base) => URL.canParse(target, base) && new URL(target, `${base}/signin`).origin !== base);
}

test('no target of the corpus leads to another site', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(150);
  expect(new Set(corpus).size).toBe(corpus.length);
  expect(corpus.filter((line) => elsewhere(safePath(line)).length > 0 || !/^\/(?![/\\])/.test(safePath(line)))).toEqual(
    [],
  );
});

test('most of the corpus would lead elsewhere if it were believed', () => {
  const believed = corpus.filter((line) => elsewhere(line).length > 0);
  expect(believed.length).toBeGreaterThanOrEqual(100);
});

test('nothing put together from its parts leads to another site', () => {
  const part = fc.constantFrom(
    '/',
    '\\',
    '.',
    ':',
    '@',
    '?',
    '#',
    '%',
    ';',
    '//',
    '/\\',
    '%2f',
    '%5c',
    '%2e',
    '%09',
    '\t',
    '\r',
    '\n',
    '\0',
    ' ',
    'evil.example',
    'http',
    'https:',
    'a',
  );
  const mangled = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  const whole = fc.oneof(
    mangled,
    mangled.map((text) => `/${text}`),
    fc.string(),
    fc.webUrl(),
  );
  fc.assert(
    fc.property(whole, (target) => {
      const path = safePath(target);
      expect(path).toMatch(/^\/(?![/\\])/);
      expect(elsewhere(path)).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
});

test('paths of this site are kept, with their query', () => {
  for (const path of ['/', '/connections', '/oauth/garmin/start?user_id=u_1', '/explain/u_1/2026-03-05/steps']) {
    expect(safePath(path)).toBe(path);
  }
});

test('the sign-in goes where it says, whatever it is told', async () => {
  const front = await openFront();
  for (const line of corpus.slice(0, 40)) {
    const signedIn = await front.browser().post('/signin', { token: OWNER_TOKEN, next: line });
    expect([line, signedIn.status, elsewhere(signedIn.headers.get('location') ?? '')]).toEqual([line, 303, []]);
  }
});
