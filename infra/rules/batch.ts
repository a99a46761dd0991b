import * as z from 'zod';
import { misshapen, ofType } from './resources.ts';
import type { Rule } from './rule.ts';

const TRIGGER = 'aws:glue/trigger:Trigger';
const starting = z.object({ type: z.literal('EVENT') });
/** Limits of Glue: 100 events, 900 seconds. */
const waits = z.object({
  eventBatchingConditions: z.tuple([
    z.object({ batchSize: z.int().min(1).max(100), batchWindow: z.int().min(1).max(900) }),
  ]),
  enabled: z.undefined().optional(),
  startOnCreation: z.undefined().optional(),
});
const follows = z.object({ startOnCreation: z.literal(true), predicate: z.object({ logical: z.string() }) });

export const batch: Rule = {
  name: 'batch',
  description:
    'The workflow starts by a number of events or a time, one run at a time; an EVENT trigger is never switched.',
  check: (stack) => [
    ...ofType(stack, TRIGGER)
      .filter(({ props, opts }) =>
        starting.safeParse(props).success
          ? !waits.safeParse(props).success || !opts.ignoreChanges.includes('enabled')
          : !follows.safeParse(props).success,
      )
      .map((resource) => ({
        resource,
        says: 'does not start as Glue wants it; `enabled` can never be set on an EVENT trigger',
      })),
    ...misshapen(
      stack,
      'aws:glue/workflow:Workflow',
      z.object({ maxConcurrentRuns: z.literal(1) }),
      'runs more than once at a time',
    ),
  ],
};
