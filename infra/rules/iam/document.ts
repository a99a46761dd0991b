import * as z from 'zod';

const list = z.union([z.string(), z.array(z.string())]).transform((value): readonly string[] => [value].flat());
/** `*` is everybody; else who by kind: `{ "Service": "events.amazonaws.com" }`. */
const principal = z
  .union([z.literal('*'), z.record(z.string(), list)])
  .transform((value): Readonly<Record<string, readonly string[]>> => (value === '*' ? { AWS: ['*'] } : value));
const scalar = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const values = z.union([scalar, z.array(scalar)]).transform((value): readonly string[] => [value].flat());

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: list.optional(),
    NotAction: list.optional(),
    Resource: list.optional(),
    NotResource: list.optional(),
    Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
  })
  .refine((one) => (one.Action === undefined) !== (one.NotAction === undefined), 'Action or NotAction')
  .refine((one) => one.Resource === undefined || one.NotResource === undefined, 'not both Resource and NotResource');

const document = z.object({
  Version: z.literal('2012-10-17'),
  Statement: z.union([statement, z.array(statement)]).transform((value): readonly PolicyStatement[] => [value].flat()),
});

/** One statement of a policy, every list a list. */
export type PolicyStatement = z.output<typeof statement>;

/** The statements of a policy; throws what is wrong with one that IAM would not take. */
export function statementsOf(policy: unknown): readonly PolicyStatement[] {
  return document.parse(typeof policy === 'string' ? JSON.parse(policy) : policy).Statement;
}
