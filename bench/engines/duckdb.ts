import { fileURLToPath } from 'node:url';
import { bareResult } from './bare.ts';
import type { Engine } from './engine.ts';
import { runMeasured } from './group.ts';

const CHILD = fileURLToPath(new URL('duckdb.child.mjs', import.meta.url));

/** The baseline of what runs on DuckDB: the same documents, read and counted by type and day. */
export const duckdb: Engine = {
  name: 'bare DuckDB',
  bare: undefined,
  lacks: () => undefined,
  async run({ taken, mostSeconds }) {
    const ended = await runMeasured([process.execPath, CHILD, taken.directory], { mostSeconds });
    return bareResult(ended, taken.keys.length, mostSeconds);
  },
};
