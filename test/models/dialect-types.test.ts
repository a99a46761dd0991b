import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODELS, runModels, type Tables } from '../support/transform.ts';
import { EXCEPTIONS } from './traps/exceptions.ts';
import { NOTED_TYPES } from './traps/noted.ts';
import { TYPED_TRAPS, typedTrapsIn } from './traps/typed.ts';
import { unless, type Found } from './traps.ts';

const files = readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql'));

/** A table of one column a type. */
const T = `with t as (select 1e0 as x, cast(1 as bigint) as big, cast(1 as int) as n, 'a' as s,
  date '2026-01-02' as d, date '2026-01-01' as e, timestamp '2026-01-01 12:00:00' as noon)`;

describe('the dialect, of whose traps only a type tells', () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await runModels([]);
  });
  afterAll(() => {
    tables.close();
  });

  /** DuckDB binds the text to the tables there are and tells every expression with its type. */
  async function found(sql: string): Promise<readonly Found[]> {
    const text = sql.replaceAll(/--.*$/gm, '');
    const [row] = await tables.query(`select json_serialize_plan($plan$${text}$plan$, optimize := false) as plan`);
    return typedTrapsIn(text, String(row?.['plan']));
  }

  test.each(NOTED_TYPES)('refuses $text ($area)', async ({ text, trap }) => {
    expect((await found(`${T} ${text}`)).map((one) => one.trap)).toContain(trap);
  });

  test.each(TYPED_TRAPS)(
    'refuses $trap, and not what says the same on both engines',
    async ({ trap, wrong, right }) => {
      for (const text of wrong) {
        expect(new Set((await found(`${T} ${text}`)).map((one) => one.trap)), text).toEqual(new Set([trap]));
      }
      expect(await found(`${T} ${right}`)).toEqual([]);
    },
  );

  test.each(['select explode(sequence(e, d)) as a from t', 'select x from t where s > x'])(
    'refuses what DuckDB does not bind: %s',
    async (text) => {
      expect(await found(`${T} ${text}`)).toEqual([
        { trap: 'what does not bind', text: expect.stringMatching(/^(?:Binder|No function|Cannot)/) },
      ]);
    },
  );

  test.each(files)('is kept by %s', async (file) => {
    const sql = readFileSync(path.join(MODELS, file), 'utf8');
    expect(unless(await found(sql), path.basename(file, '.sql'))).toEqual([]);
  });

  const stated = EXCEPTIONS.filter(({ trap }) => TYPED_TRAPS.some((one) => one.trap === trap)).flatMap(
    ({ trap, texts }) => Object.entries(texts).flatMap(([model, of]) => of.map((text) => ({ trap, model, text }))),
  );

  test.each(stated)('has an exception in $model for $text, which is there', async ({ trap, model, text }) => {
    const file = files.find((one) => path.basename(one, '.sql') === model) ?? model;
    expect(await found(readFileSync(path.join(MODELS, file), 'utf8'))).toContainEqual({ trap, text });
  });

  // What exceptions say of seeds.
  test.each([
    ['whole', 'source_priority', 'rank'],
    ['whole', 'fields', 'place'],
    ['whole', 'metrics', 'decimals'],
    ['above 0', 'metrics', 'max'],
    ['above 0', 'unit_words', 'divide'],
    ['above 0', 'units', 'divide'],
    ['above 0', 'readiness_weights', 'weight'],
  ])('numbers are %s in %s.%s', async (which, seed, column) => {
    const number = `try_cast(${column} as double)`;
    const holds = which === 'whole' ? `${number} = floor(${number})` : `${number} > 0`;
    expect(await tables.query(`select * from ${seed} where (${holds}) is not true`)).toEqual([]);
  });
});
