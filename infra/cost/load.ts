import { DAYS, type Found } from './found.ts';

/** What people do, stated once: everything a month costs follows from this, from what there is, and from prices. */
export const habits = {
  /** Deliveries with data, a person and day; three providers with 20 deliveries each, one of them pushes. */
  pushes: 20,
  /** Deliveries that only announce something; each is a message of the queue and one fetch that stores an object. */
  notices: 40,
  objectKb: 5,
  pages: 20,
  /** Questions to Athena, each billed as 10 MB at least: five of the morning text, one of the look for silence, one when something is new. */
  questions: 7,
  mails: 1,
  /** Connections with a grant, each a secret; tokens are renewed every four hours. */
  grants: 2,
  renewals: 6,
  /** GB after a year: raw objects twice (as they came and as rows), copies in DynamoDB. */
  storedGb: (2 * (20 + 40 + 40) * 365 * 5) / 1_000_000,
  connectionKb: 0.5,
  stateGb: 0.01,
} as const;

/**
 * One run of the small engine, by `npm run bench:transform`: one person with a year of days behind, three objects more, the function's bundle in a new
 * process against moto. Measured on two shared cores of a general machine and rounded up: 25 to 30 s of processor, 990 MB at most, 95 to 115 writing
 * and 353 to 366 reading requests. At 1769 MB Lambda gives one processor, so that processor seconds are its seconds; what it waits for requests meanwhile
 * (13 s where the machine had time) comes to them.
 */
export const measured = {
  small: { processorS: 30, waitingS: 15, peakMb: 1000, s3Writes: 120, s3Reads: 370 },
} as const;

/** What Lambda, Glue and CloudWatch need for each, reckoned and not measured: only an account shows it. */
export const reckoned = {
  ms: { receive: 300, web: 300, collect: 2000, readings: 5000, clock: 2000 },
  /** Of one message of the queue: looking up, noting, renewing. */
  fetch: { stateReads: 20, stateWrites: 10, secretCalls: 1, s3Writes: 1 },
  /** Of one run: 15 tables, each with a data file, two lists and a pointer written, and twice as many read; its record beside them. */
  /** With `engine` small those to S3 are measured. */
  run: { s3Writes: 80, s3Reads: 200, catalog: 150, stateWrites: 100, logsMb: 0.2 },
  /** Of the job that calls the small engine, beside the function's seconds: until Glue has started it, and until it has seen the answer. A minute is the least it is paid. */
  callerStartS: 45,
  /** Lambda waits at the queue with five long polls of 20 s. */
  polls: (5 * DAYS * 86_400) / 20,
  /** Functions by the clock start anew each time and read two secrets; `receive` does at most every five minutes. */
  starts: { secrets: 2, deliveriesAtMost: (DAYS * 86_400) / 300 },
  /** S3 lists so many keys an answer, DynamoDB reads so many KB a unit. */
  page: 1000,
  unitKb: 4,
  eventKb: 1,
  logKb: 0.5,
  metrics: 8,
  changes: 30,
} as const;

export interface Load {
  readonly people: number;
  readonly runsADay: number;
  /** Seconds of each Spark job. */
  readonly jobS: number;
  /** Keys that must differ from their defaults, in a sentence. */
  readonly says: string;
  readonly found: Found;
}

/** Seconds of one run of the small engine. */
export const functionS = measured.small.processorS + measured.small.waitingS;
/** Seconds a job of Glue is paid: a minute at least. */
export const glueSeconds = (seconds: number): number => Math.max(60, seconds);
/** Seconds the job that waits for a function is paid. */
export const callerSeconds = (functionSeconds: number): number => glueSeconds(functionSeconds + reckoned.callerStartS);
export const callerS = callerSeconds(functionS);

const DAY_S = 86_400;
/** Of a Spark job of one person. */
const SPARK_S = 75;

/** Deliveries of one person and day. */
export const delivered = habits.pushes + habits.notices;
/** Objects of one person and day that tell the workflow of themselves: what was pushed, and what was fetched for each notice. */
export const told = habits.pushes + habits.notices;
/** Raw objects of one person and day; notices are stored, too. */
export const stored = told + habits.notices;

/** One run after another: what the workflow does at most. */
const without = (jobs: number, jobS: number): number => DAY_S / (jobs * jobS);

/**
 * The stacks the page is about: `found` with every key at its default, and for more than one person `spark`, the same with that engine. Runs by
 * windows: one every 15 minutes is the most there is below a hundred objects in each.
 */
export function loads(found: Found, spark: Found): readonly [one: Load, hundred: Load, many: Load] {
  const many = { ...spark, crawls: found.crawls, windowS: found.windowS, batchSize: 100 };
  const big = { ...many, workers: 10 };
  return [
    {
      people: 1,
      runsADay: 30,
      jobS: SPARK_S,
      found,
      says: `every key at its default; 30 runs a day, in each a function of ${functionS} s and the job that waits for it`,
    },
    {
      people: 100,
      runsADay: DAY_S / found.windowS,
      jobS: 90,
      found: many,
      says: '`engine` spark, `batchSize` 100, so that a run starts with every window of 15 minutes; jobs of 90 s',
    },
    {
      people: 10_000,
      runsADay: without(big.jobs, 900),
      jobS: 900,
      found: big,
      says: '`engine` spark, `batchSize` 100, `workers` 10; jobs of 15 minutes, one run after another without a pause, because every run computes everything anew',
    },
  ];
}

/** Messages one call of `collect` takes: up to ten that came within five seconds (`infra/work.ts`). */
export function messagesAtOnce(people: number): number {
  return Math.max(1, Math.min(10, (habits.notices * people * 5) / DAY_S));
}
