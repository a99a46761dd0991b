import { expect, test } from 'vitest';
import { table } from '../../../local/cli/text.ts';

test('columns are aligned, numbers to the right, and null is an empty cell', () => {
  const rows = [
    { day: '2026-03-01', value: 9, note: null },
    { day: '2026-03-02', value: 10234, note: 'so far' },
  ];
  expect(table(['day', 'value', 'note'], rows)).toBe(
    ['day         value  note', '----------  -----  ------', '2026-03-01      9', '2026-03-02  10234  so far'].join(
      '\n',
    ),
  );
});

test('a table without rows still shows its columns', () => {
  expect(table(['day', 'value'], [])).toBe('day  value\n---  -----');
});

test('a cell never breaks its line, and a name in another script keeps the columns straight', () => {
  const rows = [
    { name: 'Zoë\u0301', x: 'a' },
    { name: 'two\nlines', x: 'b' },
  ];
  // "Zoë́" is three characters for a reader and four code units.
  expect(table(['name', 'x'], rows).split('\n').slice(2)).toEqual(['Zoë\u0301        a', 'two lines  b']);
});
