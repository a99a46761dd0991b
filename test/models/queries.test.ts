import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { queries } from '../../models/queries.ts';
import { publishedNames, readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { MODELS } from '../support/transform.ts';

const document = readFileSync('docs/queries.md', 'utf8');

describe.each(Object.entries(queries))('the query %s', (name, { question, sql }) => {
  test('asks one question in words', () => {
    // Athena keeps 1,024 characters of it.
    expect(question).toMatch(/^(?:How|Where|What|Which|On which|In which) [^?]{10,200}\?$/);
    expect(name).toMatch(/^[a-z_]{3,40}$/);
  });

  test('stands in docs/queries.md, letter by letter', () => {
    expect(document).toContain(`| [\`${name}\`](#${name}) | ${question} |`);
    expect(document).toContain(`### ${name}\n\n${question}\n\n\`\`\`sql\n${sql}\n\`\`\`\n`);
  });

  test('is one statement that reads, says each column and has an order', async () => {
    const warehouse = createDuckDbWarehouse({ directory: temporaryDirectory(), modelsDirectory: MODELS });
    expect(await warehouse.query(sql)).toMatchObject({ rows: [] });
    await warehouse.close();
    expect(sql).not.toMatch(/\bselect \*|\.\*|\$\w/);
    expect(sql).toMatch(/\norder by [^()]+$/);
  });
});

test('there are at least twelve questions, and docs/queries.md has no other', () => {
  const names = Object.keys(queries);
  expect(names.length).toBeGreaterThanOrEqual(12);
  expect([...document.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)).toEqual(names);
});

const published = [...publishedNames(readCatalog(MODELS))].toSorted().map((name) => ({ name }));

/** Who has not written the marts learns from the questions what each is good for. */
test.each(published)('something is asked of $name', ({ name }) => {
  const asked = new RegExp(`\\b(?:from|join) ${name}\\b`);
  expect(Object.values(queries).filter(({ sql }) => asked.test(sql))).not.toEqual([]);
});
