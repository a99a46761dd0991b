import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChance } from '../../../../local/sandbox/chance.ts';
import { challengeOf, createLedger, type Ledger, type Pair } from '../../../../local/sandbox/server/ledger.ts';
import { patientClock } from './harness.ts';

const HOUR_MS = 3_600_000;
const SINGLE_USE = { graceS: 0, reuseRevokes: true };
const EIGHT_HOURS = { graceS: 8 * 3600, reuseRevokes: false };
// RFC 7636, appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

function open(challenge?: string) {
  const clock = patientClock();
  const ledger = createLedger(createChance('ledger'), clock);
  const offer = { provider: 'oura', externalId: 'a', scopes: ['daily'], redirectUri: 'http://127.0.0.1/x', challenge };
  const code = ledger.offer(offer, 30);
  const redeem = (verifier = '', redirectUri = offer.redirectUri) =>
    ledger.redeem({ provider: 'oura', code, redirectUri, verifier }, 3600);
  return { clock, ledger, redeem };
}

function granted() {
  const opened = open();
  const pair = opened.redeem();
  if (pair === undefined) throw new Error('The code was refused.');
  return { ...opened, pair };
}

const outcomes = (ledger: Ledger): readonly string[] => ledger.presentations().map(({ outcome }) => outcome);

test('a code works once, for its redirect address and until it lapses', () => {
  expect(open().redeem('', 'http://127.0.0.1/y')).toBeUndefined();
  const late = open();
  late.clock.advance(30_000);
  expect(late.redeem()).toBeUndefined();
  const once = open();
  expect(once.redeem()?.grant.externalId).toBe('a');
  expect(once.redeem()).toBeUndefined();
});

test('a code with a challenge needs its verifier', () => {
  expect(challengeOf(VERIFIER)).toBe(CHALLENGE);
  expect(open(CHALLENGE).redeem('another')).toBeUndefined();
  expect(open(CHALLENGE).redeem(VERIFIER)).toBeDefined();
});

test('a spent single-use refresh token ends the grant with all its tokens', () => {
  const { ledger, pair } = granted();
  const next = ledger.refresh('oura', pair.refresh, SINGLE_USE, 3600);
  expect(ledger.bearer('oura', next?.access ?? '')).toBe(pair.grant);
  expect(ledger.refresh('oura', pair.refresh, SINGLE_USE, 3600)).toBeUndefined();
  expect(ledger.bearer('oura', next?.access ?? '')).toBeUndefined();
  expect(ledger.refresh('oura', next?.refresh ?? '', SINGLE_USE, 3600)).toBeUndefined();
  expect(ledger.reuses()).toBe(1);
});

test('with a grace the old token may be presented again, until the new access token is used', () => {
  const { ledger, pair } = granted();
  const lost = ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600);
  const second = ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600);
  expect(ledger.bearer('oura', lost?.access ?? '')).toBeUndefined();
  expect(ledger.bearer('oura', second?.access ?? '')).toBe(pair.grant);
  expect(ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600)).toBeUndefined();
  expect(outcomes(ledger)).toEqual(['rotated', 'again', 'reuse']);
  expect(ledger.refresh('oura', second?.refresh ?? '', EIGHT_HOURS, 3600)).toBeDefined();
});

test('a grace ends after its hours though nothing was used', () => {
  const { ledger, clock, pair } = granted();
  ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600);
  clock.advance(8 * HOUR_MS - 1);
  expect(ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600)).toBeDefined();
  clock.advance(1);
  expect(ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600)).toBeUndefined();
});

test('whatever is presented, only the last refresh token given and its predecessor in grace are worth anything', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 20 }), (steps) => {
      const { ledger, pair } = granted();
      const given: Pair[] = [pair];
      let [previous, current]: [Pair | undefined, Pair] = [undefined, pair];
      for (const [at, uses] of steps) {
        const held = given[at % given.length] ?? pair;
        const isWorth = held === current || held === previous;
        const next = ledger.refresh('oura', held.refresh, EIGHT_HOURS, 3600);
        expect(next !== undefined).toBe(isWorth);
        if (next === undefined) continue;
        given.push(next);
        [previous, current] = [held, next];
        if (uses && ledger.bearer('oura', next.access) !== undefined) previous = undefined;
      }
      expect(given.filter(({ access }) => ledger.bearer('oura', access) !== undefined)).toContain(current);
    }),
  );
});

test('two presentations of one grant at the same time are noticed', () => {
  const { ledger, pair } = granted();
  const ends = [ledger.begin('oura', pair.refresh), ledger.begin('oura', pair.refresh)];
  ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600);
  for (const end of ends) end();
  expect(ledger.overlaps()).toBe(1);
  const end = ledger.begin('oura', pair.refresh);
  ledger.refresh('oura', pair.refresh, EIGHT_HOURS, 3600);
  end();
  expect(ledger.overlaps()).toBe(1);
});
