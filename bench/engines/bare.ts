import * as z from 'zod';
import { failure, type Result, saidBy } from './engine.ts';
import type { Ended } from './group.ts';

const answer = z.object({ objects: z.number(), groups: z.number(), peakMb: z.number().default(0) });

/** What a baseline took; it must have read every object of the batch. */
export function bareResult(ended: Ended, objects: number, mostSeconds: number): Result {
  const said = answer.safeParse(saidBy(ended));
  if (ended.code !== 0 || !said.success) return failure(ended, mostSeconds);
  if (said.data.objects !== objects) return { why: `read ${said.data.objects} of ${objects} objects`, refused: false };
  const { seconds, processorSeconds } = ended;
  return { cost: { seconds, processorSeconds, peakMb: Math.max(ended.peakMb, said.data.peakMb) } };
}
