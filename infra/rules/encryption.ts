import * as z from 'zod';
import { bucketsWithout, misshapen, ofType, QUEUE } from './resources.ts';
import type { Rule } from './rule.ts';

const sealed = (rule: z.ZodType) => z.object({ rules: z.array(rule).nonempty() });
const withS3 = z.object({
  applyServerSideEncryptionByDefault: z.object({ sseAlgorithm: z.enum(['AES256', 'aws:kms']) }),
});
// Without a bucket key every object is a request to KMS.
const withKey = z.object({
  applyServerSideEncryptionByDefault: z.object({ sseAlgorithm: z.literal('aws:kms'), kmsMasterKeyId: z.string() }),
  bucketKeyEnabled: z.literal(true),
});
const onDisk = { enabled: z.literal(true) };
const results = (encryption: z.ZodType) =>
  z.object({ configuration: z.object({ resultConfiguration: z.object({ encryptionConfiguration: encryption }) }) });

/**
 * What takes a key of our own, and the argument it takes it in. Not the bus, the schedules and the functions' variables: claim checks,
 * names and ARNs are in them, and a bus with a key needs it of everybody who publishes.
 */
const KEYED: Readonly<Record<string, string>> = {
  'aws:secretsmanager/secret:Secret': 'kmsKeyId',
  'aws:sns/topic:Topic': 'kmsMasterKeyId',
  'aws:cloudwatch/logGroup:LogGroup': 'kmsKeyId',
};

export const encryption: Rule = {
  name: 'encryption',
  description: 'Everything stored is encrypted, and with our own key everywhere as soon as there is one.',
  check(stack) {
    const keyed = ofType(stack, 'aws:kms/key:Key').length > 0;
    const table = z.object({ serverSideEncryption: z.object(keyed ? { ...onDisk, kmsKeyArn: z.string() } : onDisk) });
    const answers = z.object(
      keyed ? { encryptionOption: z.literal('SSE_KMS'), kmsKeyArn: z.string() } : { encryptionOption: z.string() },
    );
    return [
      ...bucketsWithout(
        stack,
        'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
        sealed(keyed ? withKey : withS3),
        'is not encrypted as the stack says',
      ),
      ...misshapen(stack, 'aws:dynamodb/table:Table', table, 'is not encrypted as the stack says'),
      ...misshapen(stack, 'aws:athena/workgroup:Workgroup', results(answers), 'keeps answers unencrypted'),
      ...misshapen(
        stack,
        QUEUE,
        z.union([z.object({ sqsManagedSseEnabled: z.literal(true) }), z.object({ kmsMasterKeyId: z.string() })]),
        'is not encrypted',
      ),
      ...misshapen(stack, 'aws:kms/key:Key', z.object({ enableKeyRotation: z.literal(true) }), 'is never rotated'),
      ...Object.entries(keyed ? KEYED : {}).flatMap(([type, argument]) =>
        misshapen(stack, type, z.object({ [argument]: z.string() }), `does not use the key: ${argument}`),
      ),
    ];
  },
};
