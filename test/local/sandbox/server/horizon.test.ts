import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHorizon } from '../../../../local/sandbox/server/horizon.ts';
import { DAY_S, held, holding, NOW_S } from './harness.ts';

const night = held('sleep', 3, { id: 'n1', record: { score: 70 } });
const edited = held('sleep', 3, { id: 'n1', knownAtS: NOW_S - DAY_S, record: { score: 75 } });
const mistaken = held('sleep', 2, { id: 'n2', deletedAtS: NOW_S - DAY_S / 2 });
const person = holding('oura', 'a', [edited, mistaken, night]);

test('a record is told from when it is known, in its last version, until it is deleted', () => {
  const horizon = createHorizon([person], NOW_S - 3 * DAY_S - 1);
  const known = () => horizon.known('oura', 'a', 'sleep').map(({ record }) => record);
  expect(known()).toEqual([]);
  horizon.advance(NOW_S - 2 * DAY_S);
  expect(known()).toEqual([night.record, mistaken.record]);
  horizon.advance(NOW_S);
  expect(known()).toEqual([edited.record]);
});

test('an edit is an update and not a creation', () => {
  const horizon = createHorizon([person], 0);
  expect(horizon.advance(NOW_S).map(({ event, record }) => `${event} ${record.id}`)).toEqual([
    'create n1',
    'create n2',
    'update n1',
    'delete n2',
  ]);
});

test('whatever the steps, everything is told once and in the order of time', () => {
  const whole = createHorizon([person], 0)
    .advance(NOW_S)
    .map(({ event, record }) => `${event} ${record.id}`);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 * DAY_S })), (ages) => {
      const horizon = createHorizon([person], 0);
      const steps = ages.map((age) => NOW_S - age).toSorted((a, b) => a - b);
      const told = [...steps, NOW_S].flatMap((untilS) => horizon.advance(untilS));
      expect(told.map(({ event, record }) => `${event} ${record.id}`)).toEqual(whole);
    }),
  );
});

test('of somebody silent nothing comes, and afterwards all of it', () => {
  const horizon = createHorizon([person], 0);
  horizon.silence(person, NOW_S);
  expect(horizon.advance(NOW_S - 1)).toEqual([]);
  expect(horizon.known('oura', 'a', 'sleep')).toEqual([]);
  expect(horizon.advance(NOW_S)).toHaveLength(4);
});
