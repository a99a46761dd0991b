import * as z from 'zod';
import { calledByJobs, FUNCTION, ofType, QUEUE } from './resources.ts';
import type { Rule, Stack } from './rule.ts';

const alarm = z.object({
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).default({}),
  alarmActions: z.array(z.string()).nonempty(),
  alarmDescription: z.string().regex(/docs\/operations\.md#[a-z-]+$/),
});

export const alarms: Rule = {
  name: 'alarms',
  description:
    'Somebody is woken by every queue of dead letters and by every function that fails, and told what to do.',
  check(stack) {
    const watched = new Set(
      ofType(stack, 'aws:cloudwatch/metricAlarm:MetricAlarm').flatMap(({ props }) => {
        const { data } = alarm.safeParse(props);
        return data === undefined ? [] : Object.values(data.dimensions).map((value) => `${data.metricName} ${value}`);
      }),
    );
    const unwatched = (type: string, metric: string) =>
      ofType(stack, type).filter(({ props }) => !watched.has(`${metric} ${String(props['name'])}`));
    return [
      ...unwatched(QUEUE, 'ApproximateNumberOfMessagesVisible').filter(({ props }) => isLast(stack, props['arn'])),
      // Functions nobody waits for are tried again, and what fails for good is a dead letter.
      ...unwatched(FUNCTION, 'Errors').filter(({ props }) => isWaitedFor(stack, props['name'])),
    ].map((resource) => ({ resource, says: 'fails without anybody noticing' }));
  },
};

/** A queue that is worked on hands what fails to another one; that one is looked at. */
function isLast(stack: Stack, arn: unknown): boolean {
  return !ofType(stack, 'aws:lambda/eventSourceMapping:EventSourceMapping').some(
    ({ props }) => props['eventSourceArn'] === arn,
  );
}

/** By the API, or by a job. */
function isWaitedFor(stack: Stack, name: unknown): boolean {
  const served = ofType(stack, 'aws:lambda/permission:Permission').some(
    ({ props }) => props['function'] === name && props['principal'] === 'apigateway.amazonaws.com',
  );
  return served || calledByJobs(stack).some((called) => called === name);
}
