import { describe, expect, test } from 'vitest';
import { explainRow } from '../../app/explain/row.ts';
import { keyText } from '../../app/explain/key.ts';
import { tables } from '../../app/lineage.ts';
import { transform } from '../../app/transform.ts';
import { publishedNames, readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { openPlant } from '../support/plant.ts';
import { MODELS } from '../support/transform.ts';
import { everything } from './everything.ts';

const published = [...publishedNames(readCatalog(MODELS))].toSorted();

const stored = [...tables().values()].filter(({ edges }) => edges.length > 0);

describe.each(stored)('what $name says of where its rows come from', ({ columns, edges }) => {
  test.each(edges)('leads to $from by columns both have, of one type', ({ from, on, where, days }) => {
    const there = tables().get(from)?.columns ?? {};
    for (const [mine, theirs] of Object.entries(on)) {
      expect(columns[mine], mine).toBeDefined();
      expect(there[theirs], theirs).toBe(columns[mine]);
    }
    for (const column of Object.keys(where)) expect(there[column], column).toBeDefined();
    if (days !== undefined) expect([columns[days.of], there['local_date']]).toEqual(['date', 'date']);
  });
});

/** The corpus as published, and the way from a row down to text of a provider: the tables on it, none where it ends in nothing. */
async function publish() {
  const plant = openPlant();
  await plant.store(everything());
  await plant.runtime.state.put('user', 'u_a', {
    user_id: 'u_a',
    name: 'Ann',
    zone: 'UTC',
    units: null,
    email: null,
    priority: {},
  });
  await transform(plant.runtime);
  const ask = (table: string, row: Row) => {
    const grain = tables().get(table)?.grain ?? [];
    const key = keyText(Object.fromEntries(grain.map((name) => [name, row[name] ?? null])));
    return explainRow(plant.runtime, { viewer: { role: 'owner' }, table, key });
  };
  async function wayDown(table: string, row: Row): Promise<readonly string[]> {
    const { reason, evidence, made_from: made } = await ask(table, row);
    if (reason !== null || evidence.some(({ text }) => text !== '')) return [table];
    for (const { table: from, rows } of made) {
      for (const one of rows.filter(({ key }) => key !== null).slice(0, 2)) {
        const rest = await wayDown(from, one.row);
        if (rest.length > 0) return [table, ...rest];
      }
    }
    return [];
  }
  return { ...plant, ask, wayDown };
}

test('a row of every published table leads down to what a provider wrote, or says why it leads nowhere', async () => {
  const { query, wayDown } = await publish();
  const nowhere: string[] = [];
  for (const name of published) {
    const grain = (tables().get(name)?.grain ?? []).map((column) => `"${column}"`);
    const rows = await query(`from "${name}" order by ${grain.join(', ') || '1'}`);
    // The last and one between: what is made from the days before has none on the first.
    const some = new Set([Math.floor(rows.length / 2), rows.length - 1]);
    for (const at of some) {
      const row = rows[at];
      if (row === undefined || (await wayDown(name, row)).length === 0) nowhere.push(`${name} ${JSON.stringify(row)}`);
    }
  }
  expect(nowhere).toEqual([]);
}, 120_000);
