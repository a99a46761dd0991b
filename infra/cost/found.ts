import * as z from 'zod';
import type { Stack } from '../rules/rule.ts';

/** What there is in a stack that costs, by itself or by being called. */
export interface Found {
  /** MB of each function. */
  readonly memoryMb: Readonly<Record<string, number>>;
  /** Calls a month by the clock, by function. */
  readonly clock: Readonly<Record<string, number>>;
  readonly secrets: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly keys: number;
  /** Spark jobs of one run of the workflow, and workers of each; a worker G.1X is one DPU. */
  readonly jobs: number;
  readonly workers: number;
  /** Units (DPU) of the job of a run that calls a function; 0 without one. */
  readonly callerUnits: number;
  /** Crawls a month; `runs`: one after every run. */
  readonly crawls: number | 'runs';
  readonly batchSize: number;
  readonly windowS: number;
  readonly archiveDays: number;
  readonly isRecorded: boolean;
  readonly isShown: boolean;
}

export const DAYS = 30;
const QUARTERS = 96;
const HOURS = 24;
export const WEEKS = 52 / 12;

const job = z.object({ name: z.string(), numberOfWorkers: z.number(), workerType: z.literal('G.1X') });
const caller = z.object({ name: z.string(), maxCapacity: z.number() });
const lambda = z.object({ name: z.string(), memorySize: z.number() });
const schedule = z.object({ scheduleExpression: z.string(), target: z.object({ arn: z.string() }) });
const trigger = z.object({
  actions: z.array(z.object({ jobName: z.string().optional(), crawlerName: z.string().optional() })),
  eventBatchingConditions: z.array(z.object({ batchSize: z.number(), batchWindow: z.number() })).optional(),
});

/** How often a month an expression of EventBridge or Glue comes up; throws for one nobody has worked out. */
function timesAMonth(expression: string): number {
  if (/^cron\(\d+\/15 \* \* \* \? \*\)$/.test(expression)) return QUARTERS * DAYS;
  if (/^cron\(\d+ \* \* \* \? \*\)$/.test(expression)) return HOURS * DAYS;
  if (/^cron\(\d+ \d+ \* \* \? \*\)$/.test(expression)) return DAYS;
  if (/^cron\(\d+ \d+ \? \* [A-Z]{3} \*\)$/.test(expression)) return WEEKS;
  throw new Error(`How often is ${expression}?`);
}

/** `wellspring-dev-sweep` and the ARN of it: `sweep`. */
const shortName = (name: string): string => name.split('-').at(-1) ?? name;

/** Counts what a recorded stack holds. */
export function findCosts({ resources }: Stack): Found {
  const of = (type: string) => resources.filter((one) => one.type === type).map(({ props }) => props);
  const triggers = of('aws:glue/trigger:Trigger').map((props) => trigger.parse(props));
  const actions = triggers.flatMap((one) => one.actions);
  const [batch] = triggers.flatMap(({ eventBatchingConditions = [] }) => eventBatchingConditions);
  const isStarted = ({ name }: { readonly name: string }) => actions.some(({ jobName }) => jobName === name);
  const jobs = of('aws:glue/job:Job').flatMap((props) => job.safeParse(props).data ?? []);
  const callers = of('aws:glue/job:Job').flatMap((props) => caller.safeParse(props).data ?? []);
  const crawler = of('aws:glue/crawler:Crawler')[0]?.['schedule'];
  const isCrawledByRuns = actions.some(({ crawlerName }) => crawlerName !== undefined);
  const clock: Record<string, number> = {};
  for (const props of of('aws:scheduler/schedule:Schedule')) {
    const { scheduleExpression, target } = schedule.parse(props);
    const name = shortName(target.arn);
    clock[name] = (clock[name] ?? 0) + timesAMonth(scheduleExpression);
  }
  return {
    memoryMb: Object.fromEntries(
      of('aws:lambda/function:Function')
        .map((props) => lambda.parse(props))
        .map(({ name, memorySize }) => [shortName(name), memorySize]),
    ),
    clock,
    secrets: of('aws:secretsmanager/secret:Secret').length,
    alarms: of('aws:cloudwatch/metricAlarm:MetricAlarm').length,
    dashboards: of('aws:cloudwatch/dashboard:Dashboard').length,
    keys: of('aws:kms/key:Key').length,
    jobs: jobs.filter(isStarted).length,
    workers: jobs[0]?.numberOfWorkers ?? 0,
    callerUnits: callers.filter(isStarted).reduce((sum, { maxCapacity }) => sum + maxCapacity, 0),
    crawls: isCrawledByRuns ? 'runs' : typeof crawler === 'string' ? timesAMonth(crawler) : 0,
    batchSize: batch?.batchSize ?? 0,
    windowS: batch?.batchWindow ?? 0,
    archiveDays: Number(of('aws:cloudwatch/eventArchive:EventArchive')[0]?.['retentionDays'] ?? 0),
    isRecorded: of('aws:cfg/recorder:Recorder').length > 0,
    isShown: of('aws:quicksight/dataSource:DataSource').length > 0,
  };
}
