import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChance } from '../../../local/sandbox/chance.ts';
import { createFaults, FAULT_NAMES, FAULTS, readFaults } from '../../../local/sandbox/fault.ts';

const draw = (seed: string, streams: readonly string[]): readonly boolean[] => {
  const faults = createFaults({ names: ['duplicate'], rate: 0.5, chance: createChance(seed) });
  return streams.map((stream) => faults.hits('duplicate', stream));
};

test('the same seed hits the same things, in whatever order they are asked for', () => {
  const streams = Array.from({ length: 50 }, (_, at) => `request ${at}`);
  const there = new Map(streams.map((stream, at) => [stream, draw('a', streams)[at]]));
  const back = new Map(streams.toReversed().map((stream, at) => [stream, draw('a', streams.toReversed())[at]]));
  expect(streams.map((stream) => back.get(stream))).toEqual(streams.map((stream) => there.get(stream)));
  expect(draw('b', streams)).not.toEqual(draw('a', streams));
});

test('nothing is hit more than twice in a row, however high the rate', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.string(), (rate, seed) => {
      const faults = createFaults({ names: ['stall'], rate, chance: createChance(seed) });
      const row = Array.from({ length: 60 }, () => (faults.hits('stall', 'one') ? 'x' : '.')).join('');
      expect(row).not.toContain('xxx');
      expect(faults.counts().stall ?? 0).toBe(row.replaceAll('.', '').length);
    }),
  );
});

test('a fault that was not chosen never happens', () => {
  const faults = createFaults({ names: ['late'], rate: 1, chance: createChance('a') });
  expect(FAULT_NAMES.filter((name) => faults.hits(name, 'one'))).toEqual(['late']);
});

test('"all" means every fault one recovers from, and a name that is none is told', () => {
  const all = readFaults('all') ?? [];
  expect(all).toContain('rate_limited');
  expect(all.filter((name) => FAULTS[name].kind === 'terminal')).toEqual([]);
  expect(readFaults('none')).toEqual([]);
  expect(readFaults('late, revoked_grant')).toEqual(['late', 'revoked_grant']);
  expect(readFaults('late,nonsense')).toBeUndefined();
});
