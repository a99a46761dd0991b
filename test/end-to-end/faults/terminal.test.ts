import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from '../order/differences.ts';
import { openRig, type Blow, type Rig } from './rig.ts';

/** A day and a half of sweeps after the news; what is silent is noticed a few days later. */
const HOURS = 30;
const SILENT_HOURS = 6 * 24;
/** A token lives a day: it is renewed within these hours. What a fault may cost in requests beside that. */
const MORE_REQUESTS = 60;

interface Expected extends Blow {
  /** As the table and the program name it. */
  readonly cause: string;
  /** In the table; null where it knows of nothing wrong and the reader names it. */
  readonly stated: { readonly cause: string; readonly detail: string | null; readonly remedy: string } | null;
  /** What a person reads. */
  readonly problem: RegExp;
  readonly remedy: RegExp;
  readonly hours?: number;
}

const needs = (detail: string) => ({ cause: 'needs_reconnect', detail, remedy: 'reconnect' });
const refusedFor = (detail: string) => ({ cause: 'quarantined', detail, remedy: 'look_at_quarantine' });
const OTHERS = ['garmin', 'apple', 'oura', 'withings'];
const UPDATE = /Update Wellspring: what came is kept, and is read then/;
const AGAIN = /Connect it again on the Connections page/;

const ENDS: readonly Expected[] = [
  {
    name: 'revoked_grant',
    provider: 'oura',
    person: 0,
    cause: 'needs_reconnect',
    stated: needs('invalid_grant'),
    problem: /no longer takes the permission/,
    remedy: AGAIN,
  },
  {
    name: 'refresh_answer_lost_for_good',
    provider: 'oura',
    person: 0,
    cause: 'needs_reconnect',
    stated: needs('refresh_answer_lost'),
    problem: /the old key is spent/,
    remedy: AGAIN,
  },
  {
    name: 'reduced_scopes',
    provider: 'withings',
    person: 1,
    cause: 'scope_missing',
    stated: { cause: 'scope_missing', detail: null, remedy: 'grant_scope' },
    problem: /not allowed to give a part of its data: activity/,
    remedy: /allow what is missing/,
  },
  ...(['oura', 'withings', 'garmin'] as const).flatMap((provider): readonly Expected[] => [
    {
      name: 'unknown_type',
      provider,
      person: 0,
      cause: 'quarantined',
      stated: refusedFor('no_reader'),
      problem: /sends a kind of data nobody here can read yet/,
      remedy: UPDATE,
    },
    {
      name: 'renamed_field',
      provider,
      person: 0,
      cause: 'quarantined',
      stated: refusedFor('missing_field'),
      problem: /has changed how it writes its data/,
      remedy: UPDATE,
    },
  ]),
  {
    name: 'gone_silent',
    provider: 'oura',
    person: 0,
    hours: SILENT_HOURS,
    cause: 'provider_silent',
    stated: null,
    problem: /Nothing has come from Oura since/,
    remedy: /Sync the device/,
  },
];

/** What every fault is compared with: the same hours, and nothing goes wrong. */
const wells = new Map<number, Rig>();

beforeAll(async () => {
  for (const hours of [HOURS, SILENT_HOURS]) {
    const rig = await openRig();
    await rig.news(hours);
    wells.set(hours, rig);
  }
}, 600_000);

afterAll(async () => {
  for (const rig of wells.values()) await rig.close();
});

test.each(ENDS)('$name of $provider ends in its cause and its remedy, and in nothing else', async (expected) => {
  const { provider, person, stated, hours = HOURS } = expected;
  const well = wells.get(hours);
  if (well === undefined) throw new RangeError(`There is nothing to compare ${hours} hours with.`);
  const rig = await openRig(expected);
  try {
    await rig.news(hours);
    expect(rig.met()).toBeGreaterThan(0);
    const user = rig.users[person];

    const told = await rig.freshness(person, provider);
    expect(told).toMatchObject({ cause: expected.cause });
    expect(told?.problem).toMatch(expected.problem);
    expect(told?.remedy).toMatch(expected.remedy);
    const page = await rig.page(person);
    for (const words of [told?.problem, told?.remedy]) expect(page).toContain(words);

    const wrong = await rig.mart('cause is not null');
    const kinds = new Set(
      wrong.map((row) =>
        JSON.stringify([row['user_id'], row['provider'], row['cause'], row['cause_detail'], row['remedy']]),
      ),
    );
    const one = stated && JSON.stringify([user?.user_id, provider, stated.cause, stated.detail, stated.remedy]);
    expect([...kinds]).toEqual(one === null ? [] : [one]);

    // Everybody else, and every other provider: as if nothing had happened.
    const others = await differences(well.lake, rig.lake, 'other pages', ({ spec }) => {
      const isTheirs = 'user_id' in spec.columns ? `user_id = '${user?.user_id}'` : undefined;
      if (isTheirs === undefined) return undefined;
      return 'provider' in spec.columns ? `not (${isTheirs} and provider = '${provider}')` : `not (${isTheirs})`;
    });
    expect(others).toEqual([]);
    // At the same moment: patience with what is wrong takes hours.
    const ahead = rig.clock.now() - well.clock.now();
    (ahead > 0 ? well : rig).clock.skip(Math.abs(ahead));
    for (const other of OTHERS.filter((id) => id !== provider)) {
      const [fares, before] = [await rig.freshness(person, other), await well.freshness(person, other)];
      expect([fares?.cause, fares?.late]).toEqual([before?.cause, before?.late]);
    }
    expect(rig.problems).toEqual([]);
    expect(rig.requests(provider)).toBeLessThan(well.requests(provider) + MORE_REQUESTS);
  } finally {
    await rig.close();
  }
});
