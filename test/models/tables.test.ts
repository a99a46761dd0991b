import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BATCH_COLUMNS } from '../../ports/engine/duckdb/batches.ts';
import { tablesPage } from './tables-page.ts';
import { BATCHES } from './tables-words.ts';

test('docs/tables.md is what the descriptions of the models say: node --import tsx test/models/tables.ts', () => {
  expect(readFileSync('docs/tables.md', 'utf8')).toBe(tablesPage());
});

test('every column of batches is described', () => {
  expect(Object.keys(BATCHES)).toEqual(BATCH_COLUMNS.map(({ name }) => name));
});
