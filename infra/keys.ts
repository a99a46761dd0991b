import * as z from 'zod';
import { findProvider, providers } from '../providers/index.ts';

/** `europe/paris` is a zone to JavaScript and none to EventBridge Scheduler: only names spelled as IANA spells them. */
const isZone = (name: string): boolean => {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // An old name (US/Pacific) is answered by the new one, and nothing says how it is spelled.
    return (
      name === known || (name.toLowerCase() !== known.toLowerCase() && /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name))
    );
  } catch {
    return false;
  }
};

const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int(error).min(least, error).max(most, error);
};
const yes = z.boolean('true or false');
const one = <const T extends readonly string[]>(...words: T) => z.enum(words, `one of ${words.join(', ')}`);
const arn = (shape: RegExp, what: string) => z.string().regex(shape, `the ARN of ${what}`);
const READER = /^arn:[\w-]+:quicksight:[\w-]+:\d{12}:(user|group)\/.+$/;
const GITHUB = /^arn:[\w-]+:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/;

/** What CloudWatch takes. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const isProvider = (id: string): boolean => findProvider(id) !== undefined;

/** Every key of a stack but the clients' (`<provider>ClientId`, `<provider>ClientSecret`) and secrets, what it may be, and its default. */
export const stackKeys = z.strictObject({
  timezone: z.string().refine(isZone, 'an IANA time zone such as Europe/Paris').default('UTC'),
  emails: z.array(z.email('e-mail addresses'), 'a list of e-mail addresses').default([]),
  providers: z
    .array(z.string().refine(isProvider, `ids out of ${Object.keys(providers).join(', ')}`), 'a list of ids')
    .default(['apple', 'myfitnesspal']),
  batchSize: whole(1, 100).default(3),
  batchWindowSeconds: whole(60, 900).default(900),
  firstFetchDays: whole(0, 90).default(7),
  lookbackDays: whole(0, 90).default(7),
  unclaimedDays: whole(1, 90).default(7),
  samples: yes.default(true),
  mailDetail: one('totals', 'full').default('totals'),
  engine: one('small', 'spark').default('small'),
  glueVersion: one('5.0', '5.1').default('5.1'),
  workers: whole(2, 100).default(2),
  crawlMode: one('weekly', 'daily', 'workflow', 'off').default('weekly'),
  encryption: one('s3', 'kms').default('s3'),
  apiRate: whole(1, 10_000).default(25),
  apiBurst: whole(1, 5000).default(50),
  logRetentionDays: z
    .int()
    .refine((days) => LOG_DAYS.includes(days), `one of ${LOG_DAYS.join(', ')}`)
    .default(30),
  archiveRetentionDays: whole(1, 365).default(30),
  budgetUsd: whole(1, 1_000_000).default(50),
  configRecorder: yes.default(false),
  quicksight: yes.default(false),
  quicksightPrincipalArn: arn(READER, 'a QuickSight user or group').optional(),
  githubRepo: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name')
    .optional(),
  githubProviderArn: arn(GITHUB, "the account's OIDC provider of GitHub").optional(),
  protect: yes.optional(),
});

export type StackKeys = z.infer<typeof stackKeys>;

/** Keys that are text; every other one is JSON. */
export const TEXT_KEYS: ReadonlySet<string> = new Set([
  'timezone',
  'mailDetail',
  'engine',
  'glueVersion',
  'crawlMode',
  'encryption',
  'quicksightPrincipalArn',
  'githubRepo',
  'githubProviderArn',
]);
