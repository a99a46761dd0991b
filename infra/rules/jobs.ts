import * as z from 'zod';
import { JOB, misshapen } from './resources.ts';
import type { Rule } from './rule.ts';

/** Without a limit a job that hangs is paid for two days; `FLEX` may wait 20 minutes before it starts. */
const bounded = z.object({
  timeout: z.int().max(120),
  maxRetries: z.literal(0),
  executionProperty: z.object({ maxConcurrentRuns: z.literal(1) }),
  executionClass: z.literal('STANDARD').optional(),
});

export const jobs: Rule = {
  name: 'jobs',
  description: 'Every job ends, is not repeated behind our back and runs alone.',
  check: (stack) => misshapen(stack, JOB, bounded, 'is not bounded'),
};
