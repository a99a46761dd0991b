import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tablesPage } from './tables-page.ts';

test('docs/tables.md is what the descriptions of the models say: node --import tsx test/models/tables.ts', () => {
  expect(readFileSync('docs/tables.md', 'utf8')).toBe(tablesPage());
});
