import { join, resolve } from 'node:path';
import { WellspringError } from '../app/errors.ts';
import { sweep } from '../app/sweep.ts';
import type { Clock } from '../ports/clock/clock.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { createSeededIds } from '../ports/ids/seeded.ts';
import { openBrowser } from './demo/browser.ts';
import { deliver } from './demo/deliver.ts';
import { prepareDirectory } from './demo/directory.ts';
import type { DemoOptions } from './demo/options.ts';
import { describeReport, readReport, type DemoReport } from './demo/report.ts';
import { createOwnerToken } from './owner-token.ts';
import { openRuntime, type LocalOptions, type LocalRuntime } from './runtime.ts';
import { addDays, localTime } from './sandbox/calendar.ts';
import { generatePeople, type GenerateOptions } from './sandbox/people.ts';
import { homeZone } from './sandbox/person.ts';
import { welcome } from './sandbox/welcome.ts';
import { serve, type Served } from './server.ts';

const DEFAULT_DIRECTORY = '.wellspring/demo';
const HOST = '127.0.0.1';
/** Before this hour nobody in the sandbox is up, so the day before is the last one. */
const FIRST_HOUR = 8;
/** All deliveries in one batch: a visitor waits for the whole, not for the parts. */
const ONE_BATCH = { size: 1_000_000, windowSeconds: 900 };

/**
 * Simulated people, their deliveries through the real doors, the tables, a summary; then serves until interrupted, or
 * ends (`once`). Throws `not_built` for faults, `not_a_demo_directory`, `already_serving`, `port_in_use` (exit 2).
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  refuseFaults(options.faults);
  const { context } = options;
  const { interrupted, environment } = context.terminal;
  const clock = createSystemClock();
  const dataDir = resolve(context.globals.dataDir ?? (environment['WELLSPRING_DATA_DIR'] || DEFAULT_DIRECTORY));
  await prepareDirectory(dataDir, clock);
  const override = environment['WELLSPRING_OWNER_TOKEN'] || undefined;
  // Made before the seed is used: other ids may be foreseeable, the token that signs in may not.
  const token = createOwnerToken({ file: join(dataDir, 'owner.token'), override, ids: createRandomIds() }).value();
  const where = { dataDir, ownerToken: override };

  const report = await make(where, options, clock);
  const show = (ended?: string): void =>
    context.print({ ...report, owner_token: token }, describeReport(report, token, ended));
  if (options.once === true || interrupted.aborted) return show(dataDir);
  await stay(where, report, options, show);
}

type Where = Pick<LocalOptions, 'dataDir' | 'ownerToken'>;

/** Generates, delivers and publishes; everything it opened is closed afterwards, whatever happened. */
async function make(where: Where, options: DemoOptions, clock: Clock): Promise<DemoReport> {
  const startedMs = clock.now();
  const last = lastDay(options, clock);
  const { people, deliveries } = generatePeople({ ...options, ...last });
  const runtime = await openRuntime({ ...where, ids: createSeededIds(`demo ${options.seed}`), batch: ONE_BATCH });
  return serving(runtime, options.port, async (served, problems) => {
    const guests = await welcome(runtime, people, served.url);
    await deliver(runtime, deliveries, guests, options.context);
    options.context.say('Making the tables …');
    await served.settle();
    if (problems.length > 0) throw problems[0];
    await sweep(runtime);
    const made = {
      people: people.map(({ name }) => name),
      from: addDays(last.until, 1 - options.days),
      until: last.until,
      deliveries: deliveries.length,
      seconds: Math.round((clock.now() - startedMs) / 100) / 10,
      url: served.url,
    };
    return readReport(runtime, made, new Map(guests.map(({ user }) => [user.user_id, user.name])), where.dataDir);
  });
}

/** Serves what was made, by the usual batch rule, at the address that was told, until interrupted. */
async function stay(where: Where, report: DemoReport, { open, context }: DemoOptions, show: () => void): Promise<void> {
  const { interactive, interrupted, environment } = context.terminal;
  await serving(await openRuntime(where), Number(new URL(report.url).port), async () => {
    show();
    context.say('Ctrl-C stops.');
    if (open && interactive && !environment['CI']) openBrowser(report.url);
    await new Promise<void>((done) => {
      if (interrupted.aborted) done();
      interrupted.addEventListener('abort', () => done());
    });
  });
}

/** Serves while `work` runs, which is handed what failed in the background; closes server and runtime. */
async function serving<T>(
  runtime: LocalRuntime,
  port: number,
  work: (served: Served, problems: readonly unknown[]) => Promise<T>,
): Promise<T> {
  const problems: unknown[] = [];
  try {
    const served = await serve(runtime, { port, host: HOST, onProblem: (_, error) => problems.push(error) });
    try {
      return await work(served, problems);
    } finally {
      await served.close();
    }
  } finally {
    await runtime.close();
  }
}

function lastDay(options: DemoOptions, clock: Clock): Pick<GenerateOptions, 'until' | 'untilHour'> {
  if (options.until !== undefined) return { until: options.until };
  const utc = localTime(clock.now(), 'UTC').date;
  const { date, hour } = localTime(clock.now(), homeZone(addDays(utc, 1 - options.days), utc));
  return hour >= FIRST_HOUR ? { until: date, untilHour: hour } : { until: addDays(date, -1), untilHour: 23 };
}

function refuseFaults(faults: string): void {
  if (faults === 'none') return;
  throw new WellspringError({
    code: 'not_built',
    message: `The simulated providers cannot misbehave yet: --faults ${faults} is not built.`,
    remedy: 'Leave --faults out; faults come with the sandbox that plays the providers.',
    exit: 2,
  });
}
