import * as z from 'zod';
import { FUNCTION, ofType } from './resources.ts';
import type { Rule } from './rule.ts';

const zoned = z.object({ environment: z.object({ variables: z.object({ ZONE: z.string() }) }) });

export const schedules: Rule = {
  name: 'schedules',
  description: 'What happens by the clock happens by the clock of the zone the functions are told.',
  check(stack) {
    const zones = new Set(
      ofType(stack, FUNCTION).flatMap(({ props }) => zoned.safeParse(props).data?.environment.variables.ZONE ?? []),
    );
    return ofType(stack, 'aws:scheduler/schedule:Schedule')
      .filter(({ props }) => !zones.has(String(props['scheduleExpressionTimezone'])))
      .map((resource) => ({ resource, says: 'goes by another clock' }));
  },
};
