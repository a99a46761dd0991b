import * as z from 'zod';

const text = z.string().min(1);
const whole = z.coerce.number().int().positive();
const json = <T extends z.ZodType>(shape: T) => text.transform((value): unknown => JSON.parse(value)).pipe(shape);

// What each part of the stack is found by; a function names the parts it uses.
const delivery = {
  RAW_BUCKET: text,
  BUS: text,
  /** ARNs of secrets. */
  INGEST_SECRET: text,
  CLIENT_SECRETS: text,
  /** Client ids by provider, as JSON. */
  CLIENT_IDS: json(z.record(z.string(), z.string())),
};
const people = { STATE_TABLE: text, PUBLIC_URL: text, ZONE: text };
/** `VAULT_KEY`: the stack's own key, with `encryption=kms`. */
const grants = { VAULT_PREFIX: text, VAULT_KEY: text.optional() };
/** None is allowed: then nothing is fetched again, or at once. */
const days = z.coerce.number().int().nonnegative();
const fetching = { LOOKBACK_DAYS: days, FIRST_FETCH_DAYS: days };
const tables = { ATHENA_WORKGROUP: text, DATABASE: text };
/** What runs of the transform leave for others, below `runs/`. */
const runs = { LAKE_BUCKET: text };
const mail = { SUMMARY_TOPIC: text, MAIL_DETAIL: z.enum(['totals', 'full']) };
/** Events about what is new. */
const alerting = { ...mail, BUS: text };
/** Where built exports wait. */
const exports = { RESULTS_BUCKET: text };
const workflow = { WORKFLOW: text };

/**
 * The environment of every function. The stack must pass exactly these (`infra/functions.ts` is typed by them), so that a variable that is
 * missing is a mistake of compilation and not of the night.
 */
export const environments = {
  receive: z.object(delivery),
  web: z.object({
    ...delivery,
    ...people,
    ...grants,
    ...fetching,
    ...tables,
    ...runs,
    ...exports,
    ...mail,
    ...workflow,
    /** The ARN of a secret. */
    OWNER_TOKEN: text,
  }),
  collect: z.object({ ...delivery, ...people, ...grants, ...fetching }),
  import: z.object({ ...delivery, ...people }),
  readings: z.object({ ...people, ...tables, ...runs, ...grants, ...alerting }),
  summarize: z.object({ ...people, ...tables, ...grants, ...alerting }),
  sweep: z.object({
    ...delivery,
    ...people,
    ...grants,
    ...fetching,
    ...runs,
    ...workflow,
    BATCH_WINDOW_SECONDS: whole,
  }),
  forget: z.object({
    ...delivery,
    ...people,
    ...grants,
    ...fetching,
    ...tables,
    ...runs,
    ...exports,
    ...workflow,
    SUMMARY_TOPIC: text,
    ERASE_JOB: text,
    UNCLAIMED_DAYS: whole,
    /** How long the log groups and the archive of the bus keep what they hold, for the receipt. */
    LOG_DAYS: whole,
    ARCHIVE_DAYS: whole,
  }),
  export: z.object({ RAW_BUCKET: text, ...people, ...tables, ...exports }),
  /** Only where `engine` is `small`. `SAMPLES`: whether single samples become rows too. */
  transform: z.object({
    RAW_BUCKET: text,
    ...runs,
    DATABASE: text,
    BUS: text,
    STATE_TABLE: text,
    SAMPLES: z.enum(['true', 'false']).transform((word) => word === 'true'),
  }),
} as const;

export type FunctionName = keyof typeof environments;

/** What a function reads, checked. */
export type Environment<F extends FunctionName> = z.output<(typeof environments)[F]>;

/** Every variable of a function by its name. */
export type Variables<F extends FunctionName> = { readonly [Name in keyof Environment<F>]: string };

/** Reads the variables of a function; throws the names of those that are missing or unusable, never their values. */
export function readEnvironment<F extends FunctionName>(name: F): Environment<F> {
  const shapes: { readonly [Name in FunctionName]: z.ZodType<Environment<Name>> } = environments;
  const parsed = shapes[name].safeParse(process.env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new Error(`The environment of ${name} lacks ${names.join(', ')}.`);
}

/** The namespace of a function's figures: the start of its own name (`wellspring-dev-sweep`), which Lambda tells it. */
export function namespaceOf(name: FunctionName): string {
  const full = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
  return full.endsWith(`-${name}`) ? full.slice(0, -name.length - 1) : 'wellspring';
}
