import * as z from 'zod';
import { bucketsWithout, LOG_GROUP, misshapen } from './resources.ts';
import type { Rule } from './rule.ts';

const days = z.int().positive();
const enabled = z.literal('Enabled');
/** Old versions and unfinished uploads, of the whole bucket. */
const tidy = z.object({
  status: enabled,
  filter: z.object({ prefix: z.literal('') }),
  noncurrentVersionExpiration: z.object({ noncurrentDays: days }),
  abortIncompleteMultipartUpload: z.object({ daysAfterInitiation: days }),
});
const lifecycle = z.object({
  rules: z.array(z.unknown()).refine((rules) => rules.some((rule) => tidy.safeParse(rule).success)),
});

export const retention: Rule = {
  name: 'retention',
  description: 'Nothing is kept for ever by being forgotten: logs, archived events, old versions, unfinished uploads.',
  check: (stack) => [
    ...misshapen(stack, LOG_GROUP, z.object({ retentionInDays: days }), 'keeps its lines for ever'),
    ...misshapen(
      stack,
      'aws:cloudwatch/eventArchive:EventArchive',
      z.object({ retentionDays: days }),
      'keeps events for ever',
    ),
    ...bucketsWithout(
      stack,
      'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      lifecycle,
      'keeps old versions and unfinished uploads for ever',
    ),
  ],
};
