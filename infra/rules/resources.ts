import * as z from 'zod';
import { statementsOf, type PolicyStatement } from './iam/document.ts';
import type { Finding, Resource, Stack } from './rule.ts';

/** `wellspring-dev`: the start of every name. */
export const prefixOf = ({ project, stack }: Stack): string => `${project}-${stack}`;

/** A value that should be a text; nothing when it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The resources of a type. */
export function ofType(stack: Stack, type: string): readonly Resource[] {
  return stack.resources.filter((one) => one.type === type);
}

/** Those of a type that have not this shape. */
export function misshapen(stack: Stack, type: string, shape: z.ZodType, says: string): readonly Finding[] {
  return ofType(stack, type)
    .filter(({ props }) => !shape.safeParse(props).success)
    .map((resource) => ({ resource, says }));
}

/** Buckets that have no companion of a type and shape beside them, in the same component. */
export function bucketsWithout(stack: Stack, type: string, shape: z.ZodType, says: string): readonly Finding[] {
  const companions = ofType(stack, type).filter(({ props }) => shape.safeParse(props).success);
  return ofType(stack, BUCKET)
    .filter(({ props }) => !companions.some((one) => one.props['bucket'] === props['bucket']))
    .map((resource) => ({ resource, says }));
}

/** The names of functions that jobs call and wait for. */
export function calledByJobs(stack: Stack): readonly string[] {
  return ofType(stack, JOB).flatMap(({ props }) => calling.safeParse(props).data?.defaultArguments['--FUNCTION'] ?? []);
}

const calling = z.object({ defaultArguments: z.object({ '--FUNCTION': z.string() }) });

export const BUCKET = 'aws:s3/bucket:Bucket';
export const FUNCTION = 'aws:lambda/function:Function';
export const JOB = 'aws:glue/job:Job';
export const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';
export const QUEUE = 'aws:sqs/queue:Queue';
export const ROLE = 'aws:iam/role:Role';
const POLICY = 'aws:iam/policy:Policy';

/** Where policies are written, and whose they are. */
const POLICIES = {
  'aws:iam/rolePolicy:RolePolicy': { kind: 'identity', property: 'policy' },
  [POLICY]: { kind: 'identity', property: 'policy' },
  [ROLE]: { kind: 'trust', property: 'assumeRolePolicy' },
  'aws:s3/bucketPolicy:BucketPolicy': { kind: 'resource', property: 'policy' },
  'aws:sqs/queuePolicy:QueuePolicy': { kind: 'resource', property: 'policy' },
  'aws:sns/topicPolicy:TopicPolicy': { kind: 'resource', property: 'policy' },
  'aws:kms/key:Key': { kind: 'resource', property: 'policy' },
} as const;

export interface Written {
  /** A ceiling is a role's permissions boundary: it gives nothing, and is the most another policy can give. */
  readonly kind: 'identity' | 'trust' | 'resource' | 'ceiling';
  readonly resource: Resource;
  readonly statements: readonly PolicyStatement[];
}

/** Every policy of the stack, read. */
export function policiesOf(stack: Stack): readonly Written[] {
  const ceilings = ofType(stack, ROLE).map(({ props }) => textOf(props['permissionsBoundary']));
  const isCeiling = ({ type, props }: Resource) => type === POLICY && ceilings.includes(textOf(props['arn']));
  return stack.resources.flatMap((resource) => {
    const place = Object.entries(POLICIES).find(([type]) => type === resource.type)?.[1];
    const text = place === undefined ? undefined : resource.props[place.property];
    return place === undefined || text === undefined
      ? []
      : [{ kind: isCeiling(resource) ? 'ceiling' : place.kind, resource, statements: statementsOf(text) }];
  });
}
