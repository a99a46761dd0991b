import * as z from 'zod';
import { FUNCTION, misshapen, ofType, QUEUE } from './resources.ts';
import type { Rule } from './rule.ts';

const dead = z.object({ deadLetterConfig: z.object({ arn: z.string() }) });
const failing = z.object({
  functionName: z.string(),
  destinationConfig: z.object({ onFailure: z.object({ destination: z.string() }) }),
});
const fourteenDays = z.object({ messageRetentionSeconds: z.literal(14 * 86_400) });
const returned = z.object({
  functionResponseTypes: z.array(z.string()).refine((types) => types.includes('ReportBatchItemFailures')),
});

export const deadLetters: Rule = {
  name: 'dead-letters',
  description:
    'What cannot be delivered or done lies in a queue for fourteen days, and one bad message spoils no others.',
  check(stack) {
    const retried = ofType(stack, 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig').flatMap(
      ({ props }) => failing.safeParse(props).data?.functionName ?? [],
    );
    return [
      ...misshapen(stack, 'aws:cloudwatch/eventTarget:EventTarget', dead, 'loses events it cannot deliver'),
      ...misshapen(stack, 'aws:scheduler/schedule:Schedule', z.object({ target: dead }), 'loses calls it cannot make'),
      ...misshapen(stack, QUEUE, fourteenDays, 'loses messages within days'),
      ...misshapen(
        stack,
        'aws:lambda/eventSourceMapping:EventSourceMapping',
        returned,
        'gives back a whole batch for one bad message',
      ),
      ...ofType(stack, FUNCTION)
        .filter(({ props }) => !retried.includes(String(props['name'])))
        .map((resource) => ({ resource, says: 'loses calls that failed' })),
    ];
  },
};
