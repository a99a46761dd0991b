import { relative } from 'node:path';
import { explain } from '../../app/explain.ts';
import type { Runtime } from '../../app/runtime.ts';
import type { Cell, NamedQuery } from '../../ports/warehouse/warehouse.ts';

/** What a demo has made, for people and for scripts. */
export interface DemoReport {
  readonly people: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly deliveries: number;
  readonly raw_objects: number;
  readonly observations: number;
  readonly quarantined: number;
  readonly days: number;
  readonly seconds: number;
  readonly url: string;
  /** Where the simulated providers answer, as long as the demo runs. */
  readonly sandbox_url: string;
  /** Answers fetched from them, and the notices they sent. */
  readonly fetched: number;
  readonly notices: number;
  /** How often each fault was met. */
  readonly faults: Readonly<Partial<Record<string, number>>>;
  /** One number and how it came about, in a sentence; and the command that tells it whole. */
  readonly explained: { readonly sentence: string; readonly command: string } | null;
}

const COUNTS: NamedQuery = {
  name: 'demo_counts',
  sql: `select
          (select count(*) from raw_objects) as raw_objects,
          (select count(*) from observations) + (select count(*) from samples) as observations,
          (select count(*) from raw_objects where receiver = 'fetch') as fetched,
          (select count(*) from quarantine) as quarantined,
          (select count(*) from (select distinct user_id, local_date from daily_metrics)) as days`,
};

/** A day to whose steps two sources added something, the latest of them. */
const MERGED: NamedQuery = {
  name: 'demo_merged',
  sql: `select user_id, local_date from daily_candidates
        where metric = 'steps' and counted > 0
        group by user_id, local_date having count(*) > 1
        order by local_date desc, user_id limit 1`,
};

const counted = (cell: Cell | undefined): number => Number(cell ?? 0);

/** Reads what the demo's tables hold. */
export async function readReport(
  runtime: Runtime,
  made: Omit<DemoReport, 'raw_objects' | 'observations' | 'quarantined' | 'days' | 'explained' | 'fetched'>,
  names: ReadonlyMap<string, string>,
  directory: string,
): Promise<DemoReport> {
  const [counts] = await runtime.warehouse.run(COUNTS);
  return {
    ...made,
    fetched: counted(counts?.['fetched']),
    raw_objects: counted(counts?.['raw_objects']),
    observations: counted(counts?.['observations']),
    quarantined: counted(counts?.['quarantined']),
    days: counted(counts?.['days']),
    explained: await explained(runtime, names, directory),
  };
}

async function explained(
  runtime: Runtime,
  names: ReadonlyMap<string, string>,
  directory: string,
): Promise<DemoReport['explained']> {
  const [row] = await runtime.warehouse.run(MERGED);
  if (row === undefined) return null;
  const [userId, day] = [String(row['user_id']), String(row['local_date'])];
  const name = names.get(userId) ?? userId;
  const { value, rule, candidates } = await explain(runtime, { userId, day, metric: 'steps' });
  const said = candidates.map((one) => `${number(one.counted)} of ${number(one.value)} by ${one.source}`).join(', ');
  return {
    sentence: `${name}, ${day}: ${number(value)} steps: ${said} (${rule})`,
    command: `npm run -s wellspring -- explain --user ${name} --day ${day} --metric steps --data-dir ${shortest(directory)}`,
  };
}

/** As a person would type it from here. */
function shortest(directory: string): string {
  const path = relative('', directory);
  return path !== '' && path.length < directory.length ? path : directory;
}

function number(value: Cell | undefined): string {
  return typeof value === 'number' ? Math.round(value).toLocaleString('en') : String(value ?? 'nothing');
}

const count = (value: number): string => value.toLocaleString('en');

/** Five lines a person reads, one more for what goes on beside, and one for what went wrong; `token` signs in; `ended` is the directory of a demo whose server has stopped. */
export function describeReport(report: DemoReport, token: string, ended?: string): string {
  const address =
    ended === undefined
      ? report.url
      : `was at ${report.url}; npm run -s wellspring -- serve --data-dir ${shortest(ended)} opens it again`;
  const met = Object.entries(report.faults).map(([name, times]) => `${name} ${times}`);
  return [
    `People: ${report.people.join(', ')} (made up), ${report.from} to ${report.until}.`,
    `Delivered: ${count(report.deliveries)} pushes and files, ${count(report.fetched)} answers fetched, ${count(report.notices)} notices, kept as ${count(report.raw_objects)} raw objects.`,
    `Published: ${count(report.observations)} values on ${count(report.days)} person-days, ${count(report.quarantined)} refused, in ${report.seconds} s.`,
    report.explained === null
      ? 'Explained: npm run -s wellspring -- explain --help'
      : `Explained: ${report.explained.sentence}; whole: ${report.explained.command}`,
    `Dashboard: ${address} – sign in with the owner token ${token}`,
    ...(ended === undefined
      ? [`Providers: ${report.sandbox_url} plays Oura and Withings; press there what can happen.`]
      : []),
    ...(met.length === 0 ? [] : [`Faults: ${met.join(', ')}.`]),
  ].join('\n');
}
