import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { GRACE_MS } from '../../handlers/task.ts';
import { shapes } from '../../infra/shapes.ts';
import { hasMoto } from '../../test/support/moto.ts';
import { functionSeconds, smallDollars } from './dollars.ts';
import { duckdb } from './duckdb.ts';
import { type Engine, failure, type Result, saidBy } from './engine.ts';
import { type Cost, type Ended, runMeasured } from './group.ts';

const CHILD = fileURLToPath(new URL('small.child.mjs', import.meta.url));
/** DuckDB in a bundle is that of Lambda's machines: this machine's own is found here. */
const NODE_PATH = fileURLToPath(new URL('../../node_modules', import.meta.url));
const answer = z.object({ outcome: z.string(), objects: z.number(), peakMb: z.number() });

const refused = (why: string): Result => ({ why: `too large: engine=spark (${why})`, refused: true });

/** What the function of a stack could not have done, though this machine could; undefined when there is nothing. */
function aboveItsShape(cost: Cost): Result | undefined {
  const { memoryMb, timeoutS } = shapes.transform;
  if (cost.peakMb > memoryMb) return refused(`${cost.peakMb.toFixed(0)} MB, the function has ${memoryMb}`);
  const [seconds, mostS] = [functionSeconds(cost), timeoutS - GRACE_MS / 1000];
  return seconds > mostS ? refused(`${seconds.toFixed(0)} s, the function computes for ${mostS}`) : undefined;
}

/** What a batch of so many objects took in the function, or why it is too large for it. */
export function smallResult(ended: Ended, objects: number, mostSeconds: number): Result {
  const said = answer.safeParse(saidBy(ended)).data;
  if (said?.outcome === 'too_large_for_small') return refused(`it said so after ${ended.seconds.toFixed(0)} s`);
  if (ended.code !== 0 || said?.outcome !== 'published') return failure(ended, mostSeconds);
  if (said.objects !== objects) return { why: `took in ${said.objects} of ${objects} objects`, refused: false };
  const { seconds, processorSeconds } = ended;
  const cost = { seconds, processorSeconds, peakMb: Math.max(ended.peakMb, said.peakMb) };
  return aboveItsShape(cost) ?? { cost, usd: smallDollars(cost) };
}

/** The function of a stack that computes, as it is deployed, over S3 and Glue as moto plays them. */
export const small: Engine = {
  name: 'small',
  bare: duckdb,
  lacks: () => (hasMoto ? undefined : 'moto is not installed: node bin/python.mjs'),
  async run({ taken, scratch, cloud, mostSeconds }) {
    if (cloud === undefined) return { why: 'nothing plays AWS', refused: false };
    const file = pathToFileURL(path.join(cloud.bundles, 'transform', 'index.mjs')).href;
    // It keeps its files below the directory for temporary ones.
    const env = { ...cloud.variables, NODE_PATH, AWS_ENDPOINT_URL: cloud.url, TMPDIR: scratch };
    const words = [CHILD, file, String(shapes.transform.timeoutS * 1000)];
    const ended = await runMeasured([process.execPath, ...words], { env, mostSeconds });
    return smallResult(ended, taken.keys.length, mostSeconds);
  },
};
