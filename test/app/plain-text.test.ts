import { expect, test } from 'vitest';
import { asciiLine, wrap } from '../../app/plain-text.ts';

test('lines are broken at spaces and lists keep their indent', () => {
  expect(wrap('- one two three four', 10)).toEqual(['- one two', '  three', '  four']);
});

test('an empty line stays an empty line', () => {
  expect(wrap('', 72)).toEqual(['']);
});

test('a subject is one line of printable ASCII within its length', () => {
  expect(asciiLine('Zoë\n– 8 ½ h\u0000', 100)).toBe('Zoe ? 8 1?2 h?');
  expect(asciiLine('x'.repeat(120), 100)).toHaveLength(100);
});

test('a word longer than a line is cut, and an accent stays with its letter', () => {
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  // e and a combining accent are two code units: two such letters fill a line of five, a third would need six.
  const letter = 'e\u0301';
  expect(wrap(letter.repeat(3), 5)).toEqual([letter.repeat(2), letter]);
});
