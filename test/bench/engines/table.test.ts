import { expect, test } from 'vitest';
import type { Engine } from '../../../bench/engines/engine.ts';
import { tableOf } from '../../../bench/engines/table.ts';

const engine = (name: string, bare?: Engine): Engine => ({
  name,
  bare,
  lacks: () => undefined,
  run: () => Promise.reject(new Error('It is not run.')),
});
const cost = (seconds: number, processorSeconds: number, peakMb: number) => ({
  cost: { seconds, processorSeconds, peakMb },
});
const taken = { directory: '', keys: ['a', 'b'], rows: 600, bytes: 2_500_000 };
const words = (line: string | undefined) => line?.split(/\s+/);

test('each engine stands beside the bare one it is compared with, and what it refused is a row like another', () => {
  const [duckdb, spark] = [engine('duckdb'), engine('bare-spark')];
  const text = tableOf(taken, [
    { engine: duckdb, result: cost(2, 1, 100) },
    { engine: engine('local', duckdb), result: cost(5, 4, 250.4) },
    { engine: engine('small', duckdb), result: { why: 'too large: engine=spark', refused: true } },
    { engine: spark, result: cost(20, 30, 900) },
    { engine: engine('spark', spark), result: { ...cost(60, 150, 1234.5), usd: 0.02933 } },
  ]);
  const [title, , ...lines] = text.split('\n');
  expect(title).toContain('2 objects, 600 rows in them, 2.50 MB');
  // 600 rows in 2 s, in 5 s and in 60 s; 5 / 2 and 4 / 1 of bare DuckDB, 60 / 20 and 150 / 30 of bare Spark.
  expect(words(lines[0])).toEqual(['duckdb', '300', '100', '2', '1', '-', '-', '-']);
  expect(words(lines[1])).toEqual(['local', '120', '250', '5', '4', '-', '2.5', '4']);
  expect(lines[2]).toContain('too large: engine=spark');
  expect(words(lines[4])).toEqual(['spark', '10', '1235', '60', '150', '0.029', '3', '5']);
});

test('beside a bare engine that failed there is no ratio', () => {
  const bare = engine('duckdb');
  const text = tableOf(taken, [
    { engine: bare, result: { why: 'failed with 1', refused: false } },
    { engine: engine('local', bare), result: cost(5, 4, 250) },
  ]);
  expect(words(text.split('\n')[3])?.slice(-2)).toEqual(['-', '-']);
});
