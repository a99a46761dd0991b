import { callsOf, isCall } from './calls.ts';
import { DAYS, WEEKS } from './found.ts';
import {
  callerS,
  delivered,
  functionS,
  habits,
  type Load,
  measured,
  messagesAtOnce,
  reckoned,
  stored,
  told,
} from './load.ts';
import type { PriceName } from './prices.ts';

/** So many of something; what a term is multiplied from. */
type Factor = readonly [n: number, of: string];

/** One reason for a cost: `pushes: 60 a day × 30 days × 1 person`. */
export interface Term {
  readonly what: string;
  readonly factors: readonly Factor[];
}

export type Bill = Readonly<Record<PriceName, readonly Term[]>>;

const term = (what: string, ...factors: readonly Factor[]): Term => ({ what, factors });
const days: Factor = [DAYS, 'days'];
const crawlHours: Factor = [(2 * 10) / 60, 'DPU hours (2 units, 10 minutes at least)'];

/** Everything a stack is billed for in a month under a load, by price. */
export function billOf({ people, runsADay, jobS, found }: Load): Bill {
  const isSmall = found.callerUnits > 0;
  const run = isSmall ? measured.small : reckoned.run;
  const aYear = (365 * stored) / reckoned.page;
  const each: Factor = [people, people === 1 ? 'person' : 'people'];
  const daily = (n: number, of: string): readonly Factor[] => [[n, `${of} a day`], days, each];
  const deliveries = daily(delivered, 'deliveries');
  const fetches = daily(habits.notices, 'fetches');
  const runs: readonly Factor[] = [[runsADay, 'runs a day'], days];
  const perRun = (n: number, of: string): Term => term('runs', ...runs, [n, of]);
  const clocks = Object.entries(found.clock);
  const byClock = (kind: 's3Writes' | 'stateReads' | 'stateWrites'): readonly Term[] =>
    clocks.flatMap(([name, times]) => {
      const n = isCall(name) ? callsOf(name, kind) : 0;
      return n === 0 ? [] : [term(name, [times, 'calls by the clock'], [n, 'requests'])];
    });
  const compute = (name: string, ms: number, ...calls: readonly Factor[]): Term =>
    term(name, ...calls, [ms / 1000, 's'], [(found.memoryMb[name] ?? 0) / 1024, 'GB']);
  const ms = reckoned.ms;
  const crawls: readonly Factor[] = found.crawls === 'runs' ? runs : [[found.crawls, 'crawls']];
  const keyCalls = [term('fetches', ...fetches, [4, 'uses']), perRun(run.s3Writes, 'uses')];
  const started = Math.min(delivered * DAYS * people, reckoned.starts.deliveriesAtMost);
  const kb: Factor = [1 / 1_000_000, 'GB'];
  const seen = [term('deliveries', ...deliveries), term('pages', ...daily(habits.pages, 'pages'))];
  return {
    spark: [term('runs', ...runs, [found.jobs, 'jobs'], [found.workers, 'workers'], [jobS / 3600, 'hours'])],
    caller: isSmall ? [term('runs', ...runs, [found.callerUnits, 'units'], [callerS / 3600, 'hours'])] : [],
    crawler: [term('crawler', ...crawls, crawlHours)],
    catalog: [perRun(reckoned.run.catalog, 'requests')],
    secret: [term('of the stack', [found.secrets, 'secrets']), term('grants', [habits.grants, 'each'], each)],
    secretCalls: [
      ...['sweep', 'forget'].map((name) =>
        term(name, [found.clock[name] ?? 0, 'starts'], [reckoned.starts.secrets, 'secrets']),
      ),
      term('receive', [started, 'starts'], [reckoned.starts.secrets, 'secrets']),
      term('fetches', ...fetches, [reckoned.fetch.secretCalls, 'grant']),
      term('renewals', ...daily(habits.renewals * habits.grants, 'renewals'), [4, 'requests']),
    ],
    s3Writes: [
      term('deliveries', ...deliveries, [callsOf('push', 's3Writes'), 'PUT']),
      term('fetches', ...fetches, [reckoned.fetch.s3Writes, 'PUT']),
      ...byClock('s3Writes'),
      // Since the day before the last batch.
      term(
        'sweep looks through two days',
        [found.clock['sweep'] ?? 0, 'calls'],
        [(2 * stored) / reckoned.page, 'LIST'],
        each,
      ),
      perRun(run.s3Writes, 'PUT'),
      // glue/wellspring/raw.py lists all there is; the small engine does once a week (ports/engine/small/work.ts).
      isSmall
        ? term('first runs of a week look through a year', [WEEKS, 'weeks'], [aYear, 'LIST'], each)
        : term('runs look through a year', ...runs, [aYear, 'LIST'], each),
    ],
    s3Reads: [
      perRun(run.s3Reads, 'GET'),
      term('notices', ...fetches, [1, 'GET']),
      term('jobs', ...daily(told, 'objects'), [1, 'GET']),
    ],
    s3Storage: [term('after a year', [habits.storedGb, 'GB'], each)],
    stateWrites: [
      term('fetches', ...fetches, [reckoned.fetch.stateWrites, 'units']),
      ...byClock('stateWrites'),
      perRun(reckoned.run.stateWrites, 'units'),
    ],
    stateReads: [
      term('fetches', ...fetches, [reckoned.fetch.stateReads, 'units']),
      // app/collect/source.ts lists everybody's, twice, and reads the person of each.
      term(
        'collect looks at every connection',
        ...fetches,
        [1 / messagesAtOnce(people), 'calls'],
        [people * habits.grants, 'connections'],
        [1 + (2 * habits.connectionKb) / reckoned.unitKb, 'units'],
      ),
      term('pages', ...daily(habits.pages, 'pages'), [10, 'units']),
      // From seven in the morning on each person is looked at every quarter of an hour.
      term('summarize', [17 * 4, 'looks a day'], days, each, [2, 'units']),
      ...byClock('stateReads'),
    ],
    stateStorage: [term('after a year', [habits.stateGb, 'GB'], each)],
    stateRecovery: [term('after a year', [habits.stateGb, 'GB'], each)],
    api: seen,
    calls: [
      ...seen,
      term('by the clock', [clocks.reduce((sum, [, n]) => sum + n, 0), 'calls']),
      term('messages', ...fetches),
      perRun(isSmall ? 2 : 1, 'calls'),
    ],
    computing: [
      ...(isSmall ? [compute('transform', functionS * 1000, ...runs)] : []),
      compute('receive', ms.receive, ...deliveries),
      compute('web', ms.web, ...daily(habits.pages, 'pages')),
      compute('collect', ms.collect, ...fetches),
      compute('readings', ms.readings, ...runs),
      ...clocks.map(([name, times]) => compute(name, ms.clock, [times, 'calls by the clock'])),
    ],
    events: [term('stored and announced', ...daily(stored, 'events')), perRun(1, 'event')],
    archive: [term('events', ...daily(stored, 'events'), [reckoned.eventKb, 'KB'], kb)],
    archived: [term('events', [stored * found.archiveDays, 'events kept'], each, [reckoned.eventKb, 'KB'], kb)],
    schedules: [term('by the clock', [clocks.reduce((sum, [, n]) => sum + n, 0), 'calls'])],
    queue: [term('waiting', [reckoned.polls, 'polls']), term('messages', ...fetches, [3, 'requests'])],
    mail: [term('morning texts', ...daily(habits.mails, 'mails'))],
    logs: [
      ...seen.map((one) => term(one.what, ...one.factors, [reckoned.logKb, 'KB'], kb)),
      term('jobs', ...runs, [reckoned.run.logsMb / 1000, 'GB']),
    ],
    alarm: [term('alarms', [found.alarms, 'alarms'])],
    metric: [term('of the functions', [reckoned.metrics, 'metrics'])],
    dashboard: [term('overview', [found.dashboards, 'dashboard'])],
    trail: [term('raw objects', ...daily(stored, 'writes'))],
    key: [term('of your own', [found.keys, 'keys'])],
    keyCalls: found.keys === 0 ? [] : keyCalls,
    scanned: [term('questions', ...daily(habits.questions, 'questions'), [10 / 1_000_000, 'TB'])],
    recorded: found.isRecorded ? [term('changes', [reckoned.changes, 'changes'])] : [],
    author: found.isShown ? [term('authors', [1, 'author'])] : [],
  };
}
