import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { duckdb } from './duckdb.ts';
import { type Engine, failure, saidBy } from './engine.ts';
import { runMeasured } from './group.ts';

const CHILD = fileURLToPath(new URL('local.child.ts', import.meta.url));
const answer = z.object({ objects: z.number(), peakMb: z.number() });

/** A batch of one machine: every table in Parquet behind one pointer. */
export const local: Engine = {
  name: 'local',
  bare: duckdb,
  lacks: () => undefined,
  async run({ taken, scratch, mostSeconds }) {
    const words = ['--import', 'tsx', CHILD, taken.directory, path.join(scratch, 'lake')];
    const ended = await runMeasured([process.execPath, ...words], { mostSeconds });
    const said = answer.safeParse(saidBy(ended));
    if (ended.code !== 0 || !said.success) return failure(ended, mostSeconds);
    if (said.data.objects !== taken.keys.length) return { why: `took in ${said.data.objects} objects`, refused: false };
    const { seconds, processorSeconds } = ended;
    return { cost: { seconds, processorSeconds, peakMb: Math.max(ended.peakMb, said.data.peakMb) } };
  },
};
