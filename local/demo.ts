import { join, resolve } from 'node:path';
import { WellspringError } from '../app/errors.ts';
import { sweep } from '../app/sweep.ts';
import type { Clock } from '../ports/clock/clock.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { openBrowser } from './demo/browser.ts';
import { createDemoClock, type DemoClock } from './demo/clock.ts';
import { deliver, isEarly } from './demo/deliver.ts';
import { prepareDirectory } from './demo/directory.ts';
import { connectAll, type Fetching, fetchNews, fetchPast } from './demo/fetch.ts';
import { createDemoIds } from './demo/ids.ts';
import { keepStage, LONGEST_REQUEST_MS, openStage, type Stage } from './demo/stage.ts';
import type { DemoOptions } from './demo/options.ts';
import { describeReport, readReport, type DemoReport } from './demo/report.ts';
import { createOwnerToken } from './owner-token.ts';
import { openRuntime, type LocalOptions, type LocalRuntime } from './runtime.ts';
import { addDays, localDays, localTime } from './sandbox/calendar.ts';
import { createChance } from './sandbox/chance.ts';
import { createFaults, FAULT_NAMES, FAULTS, type FaultName, type Faults, readFaults } from './sandbox/fault.ts';
import { FETCHED, generatePeople, type GenerateOptions, type Population, PUSHED } from './sandbox/people.ts';
import { homeZone } from './sandbox/person.ts';
import { welcome } from './sandbox/welcome.ts';
import { serve, type Served } from './server.ts';

const DEFAULT_DIRECTORY = '.wellspring/demo';
const HOST = '127.0.0.1';
/** Before this hour nobody in the sandbox is up, so the day before is the last one. */
const FIRST_HOUR = 8;
/** The hour at which a last day stands that was asked for. */
const LAST_HOUR = 15;
/** There are few people, and one of two may connect the watch late; a page that loops costs a day of waiting. */
const RATES = { early: 0.5, looping_page: 0.01 };
const EVER_S = 10_000_000;
/** All deliveries in one batch: a visitor waits for the whole, not for the parts. And none while the time goes faster: it would lose its lease. */
const ONE_BATCH = { batch: { size: 1_000_000, windowSeconds: EVER_S }, sweepSeconds: EVER_S };

/**
 * Simulated people, their deliveries through the real doors, the tables, a summary; then serves until interrupted, or
 * ends (`once`). Throws `unknown_fault`, `not_a_demo_directory`, `already_serving`, `port_in_use` (exit 2).
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const names = knownFaults(options.faults);
  const { context } = options;
  const { interrupted, environment } = context.terminal;
  const last = lastDay(options, createSystemClock());
  const clock = createDemoClock(last.startMs);
  const dataDir = resolve(context.globals.dataDir ?? (environment['WELLSPRING_DATA_DIR'] || DEFAULT_DIRECTORY));
  await prepareDirectory(dataDir);
  const override = environment['WELLSPRING_OWNER_TOKEN'] || undefined;
  const token = createOwnerToken({ file: join(dataDir, 'owner.token'), override, ids: createRandomIds() }).value();

  const population = generatePeople({ ...options, ...last, providers: [...PUSHED, ...FETCHED] });
  const faults = createFaults({ names, rate: RATES, chance: createChance(`faults ${options.seed}`) });
  const trouble = troubleOf(names);
  const stage = await openStage(population, { clock, host: HOST, faults, hastens: trouble !== undefined });
  try {
    const { settings } = stage;
    const where = { dataDir, ownerToken: override, clock, settings, longestRequestMs: LONGEST_REQUEST_MS };
    const play = { where, clock, stage, population, faults, trouble, last };
    const report = await make(play, options);
    const show = (ended?: string): void =>
      context.print({ ...report, owner_token: token }, describeReport(report, token, ended));
    if (options.once === true || interrupted.aborted) return show(dataDir);
    await stay(where, report, options, show);
  } finally {
    await stage.close();
  }
}

type Where = Omit<LocalOptions, 'batch' | 'ids' | 'sweepSeconds'>;

/** What a demo is made of. */
interface Play {
  readonly where: Where;
  readonly clock: DemoClock;
  readonly stage: Stage;
  readonly population: Population;
  readonly faults: Faults;
  readonly trouble: Fetching['trouble'];
  readonly last: Last;
}

/** Generates, delivers, fetches and publishes; everything it opened is closed afterwards, whatever happened. */
async function make(play: Play, options: DemoOptions): Promise<DemoReport> {
  const { clock, stage, faults, trouble, last } = play;
  const { people, deliveries } = play.population;
  const system = createSystemClock();
  const startedMs = system.now();
  const ids = createDemoIds(options.seed);
  const runtime = await openRuntime({ ...play.where, ids, ...ONE_BATCH });
  return serving(runtime, options.port, async (served, problems) => {
    await keepStage(runtime, stage.settings);
    const early = new Set(people.flatMap((_, at) => (isEarly(faults, at) ? [at] : [])));
    const guests = await welcome(runtime, people, served.url, (at) => early.has(at));
    const fetching = { runtime, served, stage, clock, trouble };
    options.context.say('Connecting Oura and Withings …');
    const made = await connectAll(fetching, guests);
    const late = guests.filter((_, at) => early.has(at));
    await deliver(runtime, deliveries, guests, { context: options.context, faults, late });
    options.context.say('Fetching …');
    const from = addDays(last.until, 1 - options.days);
    // The first night began on the evening before.
    await fetchPast(fetching, made, { from: addDays(from, -1), to: last.until });
    const notices = await fetchNews(fetching);
    options.context.say('Making the tables …');
    await served.settle();
    if (problems.length > 0) throw problems[0];
    await sweep(runtime);
    const told = {
      people: people.map(({ name }) => name),
      from,
      until: last.until,
      deliveries: deliveries.length,
      notices,
      faults: faults.counts(),
      seconds: Math.round((system.now() - startedMs) / 100) / 10,
      url: served.url,
      sandbox_url: stage.url,
    };
    return readReport(runtime, told, new Map(guests.map(({ user }) => [user.user_id, user.name])), play.where.dataDir);
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

/** The last day, the hour at which it stands, and the instant that is, where it is not now. */
interface Last extends Pick<GenerateOptions, 'until' | 'untilHour'> {
  readonly startMs?: number;
}

function lastDay(options: DemoOptions, clock: Clock): Last {
  const { days, until } = options;
  if (until !== undefined) {
    const [day] = localDays(until, [homeZone(addDays(until, 1 - days), until)]);
    return { until, untilHour: LAST_HOUR, startMs: ((day?.startS ?? 0) + LAST_HOUR * 3600) * 1000 };
  }
  const utc = localTime(clock.now(), 'UTC').date;
  const { date, hour } = localTime(clock.now(), homeZone(addDays(utc, 1 - days), utc));
  return hour >= FIRST_HOUR ? { until: date, untilHour: hour } : { until: addDays(date, -1), untilHour: 23 };
}

function knownFaults(text: string): readonly FaultName[] {
  const names = readFaults(text);
  if (names !== undefined) return names;
  throw new WellspringError({
    code: 'unknown_fault',
    message: `Not every one of these faults is known: ${text}.`,
    remedy: `There are none, all, and ${FAULT_NAMES.join(', ')}.`,
    exit: 2,
  });
}

function troubleOf(names: readonly FaultName[]): Fetching['trouble'] {
  if (names.length === 0) return undefined;
  return names.every((name) => FAULTS[name].kind === 'recoverable') ? 'recoverable' : 'terminal';
}
