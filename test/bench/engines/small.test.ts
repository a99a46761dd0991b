import { expect, test } from 'vitest';
import { smallResult } from '../../../bench/engines/small.ts';

const ended = (outcome: string, { objects = 20, seconds = 8, processorSeconds = 5, peakMb = 240 } = {}) => ({
  seconds,
  processorSeconds,
  peakMb,
  code: 0,
  stdout: `one line\n=> ${JSON.stringify({ outcome, objects, peakMb: peakMb - 1 })}\n`,
  stderr: 'a word\nTypeError: another\n',
});

test('a batch that was published has its cost and its dollars', () => {
  expect(smallResult(ended('published'), 20, 60)).toEqual({
    cost: { seconds: 8, processorSeconds: 5, peakMb: 240 },
    usd: expect.any(Number),
  });
});

test.each([
  ['the function says so', ended('too_large_for_small')],
  // It has 1769 MB and 900 s of one processor (infra/shapes.ts), and stops 90 s before the end.
  ['it took more memory than the function has', ended('published', { peakMb: 1770 })],
  ['it took more time than the function computes for', ended('published', { seconds: 811 })],
  ['two processors did what takes one longer than it computes for', ended('published', { processorSeconds: 811 })],
])('a batch is too large when %s', (_, one) => {
  expect(smallResult(one, 20, 9999)).toMatchObject({
    refused: true,
    why: expect.stringContaining('too large: engine=spark'),
  });
});

test('anything else is a failure, told by its last words', () => {
  expect(smallResult(ended('storage_failed'), 20, 60)).toEqual({
    refused: false,
    why: expect.stringContaining('TypeError: another'),
  });
  expect(smallResult(ended('published', { objects: 19 }), 20, 60)).toMatchObject({ refused: false });
  expect(smallResult({ ...ended(''), stdout: '', seconds: 61, code: 137 }, 20, 60)).toEqual({
    refused: false,
    why: 'stopped after 1 min',
  });
});
