import { describe, expect, test } from 'vitest';
import { createChance } from '../../../local/sandbox/chance.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import { readWatchPush } from './push.ts';
import { makeStatements } from './statements.ts';
import { anyWay, referenceWay, type Step, type Style, type Way } from './way.ts';

const FACTS = 3;
const { deliveries } = generatePeople({ seed: 'ways', days: 12, people: 4, until: '2026-11-15' });
const statements = makeStatements(deliveries, createChance('ways'));

type Send = Step & { readonly kind: 'send' };
const sendings = (way: Way): Send[] => way.steps.flatMap((step) => (step.kind === 'send' ? [step] : []));
const count = (way: Way, kind: Step['kind']): number => way.steps.filter((step) => step.kind === kind).length;
const order = (way: Way): number[] =>
  sendings(way).flatMap(({ statement, attempt }) => (attempt === 1 ? [statement] : []));

/** Records of one watch day by statement: `[statement, seconds of the day it covers]`. */
const versionsOfDays = (): Map<string, [number, number][]> => {
  const days = new Map<string, [number, number][]>();
  for (const [at, { parcel }] of statements.entries()) {
    if (parcel.kind === 'file' || parcel.provider !== 'garmin') continue;
    for (const { userId, calendarDate, durationInSeconds = 0 } of readWatchPush(parcel)['dailies'] ?? []) {
      const day = `${userId} ${calendarDate}`;
      days.set(day, [...(days.get(day) ?? []), [at, durationInSeconds]]);
    }
  }
  return days;
};

test('the reference sends everything once, in the order it happened, and ends with its only batch', () => {
  const way = referenceWay(statements, FACTS, createChance('reference'));
  expect(sendings(way)).toEqual(statements.map((_, statement) => ({ kind: 'send', statement, attempt: 1 })));
  expect([count(way, 'fact'), count(way, 'batch')]).toEqual([FACTS, 1]);
  expect(way.steps.at(-1)).toMatchObject({ kind: 'batch' });
});

describe.each<Style>(['mixed', 'grouped', 'delayed'])('a way of style "%s"', (style) => {
  const ways = ['a', 'b', 'c'].map((seed) => anyWay(statements, FACTS, { style }, createChance(seed)));

  test('sends every statement, in another order, and what must come first before the rest', () => {
    for (const way of ways) {
      const sent = order(way);
      expect(sent.toSorted((a, b) => a - b)).toEqual([...statements.keys()]);
      expect(sent).not.toEqual([...statements.keys()]);
      const place = new Map(sent.map((statement, at) => [statement, at]));
      const wrong = statements.flatMap(({ after }, at) =>
        after.filter((before) => (place.get(before) ?? Infinity) > (place.get(at) ?? -1)).map((before) => [before, at]),
      );
      expect(wrong).toEqual([]);
    }
  });

  test('repeats some sendings, each after the first', () => {
    for (const way of ways) {
      const seen = new Map<number, number>();
      const early = sendings(way).filter(({ statement, attempt }) => {
        seen.set(statement, (seen.get(statement) ?? 0) + 1);
        return attempt > 1 && seen.get(statement) === 1;
      });
      expect(early).toEqual([]);
      expect(sendings(way).length).toBeGreaterThan(statements.length * 1.05);
    }
  });

  test('has 4 to 8 batches, one at the end and one with nothing before it, and every fact', () => {
    for (const way of ways) {
      expect(count(way, 'batch')).toBeGreaterThanOrEqual(4);
      expect(count(way, 'batch')).toBeLessThanOrEqual(8);
      expect(way.steps.at(-1)).toMatchObject({ kind: 'batch' });
      expect(way.steps.some((step, at) => step.kind === 'batch' && way.steps[at + 1]?.kind === 'batch')).toBe(true);
      expect(count(way, 'fact')).toBe(FACTS);
    }
  });
});

test('where a provider gives a version, an older one may come after a newer one', () => {
  const place = new Map(
    order(anyWay(statements, FACTS, { style: 'mixed' }, createChance('a'))).map((statement, at) => [statement, at]),
  );
  const late = [...versionsOfDays().values()].filter((versions) =>
    versions.some(([older, few]) =>
      versions.some(([newer, many]) => few < many && (place.get(older) ?? 0) > (place.get(newer) ?? 0)),
    ),
  );
  expect(late.length).toBeGreaterThan(3);
});
