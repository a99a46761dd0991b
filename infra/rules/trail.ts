import * as z from 'zod';
import { ofType } from './resources.ts';
import type { Rule } from './rule.ts';

/** awsx's component throws its log away by default, and makes neither of these beside its bucket. */
const strict = z.object({
  enableLogFileValidation: z.literal(true),
  s3Bucket: z.object({ args: z.object({ forceDestroy: z.boolean() }) }),
  advancedEventSelectors: z.array(z.unknown()).nonempty(),
});
const BESIDE = [
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  'aws:s3/bucketVersioning:BucketVersioning',
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
];

export const trail: Rule = {
  name: 'trail',
  description:
    'There is a log of every write of raw objects, which cannot be altered, made public or thrown away outside dev.',
  check(stack) {
    const trails = ofType(stack, 'awsx:cloudtrail:Trail');
    return trails.flatMap((resource) => {
      const { data } = strict.safeParse(resource.props);
      const beside = BESIDE.filter((type) => ofType(stack, type).some((one) => one.parent === resource.parent));
      return [
        ...(data === undefined ? ['is not strict'] : []),
        ...(data?.s3Bucket.args.forceDestroy === true && stack.stack !== 'dev'
          ? ['is thrown away with the stack']
          : []),
        ...(beside.length === BESIDE.length ? [] : ['has a bucket without its guards']),
      ].map((says) => ({ resource, says }));
    });
  },
};
