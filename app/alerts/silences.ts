import { type Connection, listConnections } from '../connections.ts';
import { shortDay } from '../format.ts';
import { type MetricFreshness, readMetrics } from '../freshness/metric.ts';
import { wordsOf } from '../freshness/words.ts';
import { metricOf } from '../metrics.ts';
import { providerNamed } from '../provider.ts';
import { sourceName } from '../source-name.ts';
import { type Found, isNew, type Look, type LookRuntime } from './look.ts';

const DAY_MS = 86_400_000;
/** What was due longer ago is known by now, or came with a first import. */
const NEW_MS = 2 * DAY_MS;
/** Metrics of one provider fall silent one after the other, each by its own rhythm: one message tells of all of them. */
const QUIET_MS = 14 * DAY_MS;
const NAMED = 3;

interface Silent {
  readonly metric: MetricFreshness;
  readonly connection: Connection;
}

/** The metrics that come by themselves and were due within the last two days, of accounts that were connected by then. */
export async function silences(runtime: LookRuntime, look: Look): Promise<readonly Found[]> {
  const { user, nowMs } = look;
  const mine = (await listConnections(runtime, user.user_id)).filter(({ state }) => state !== 'disconnected');
  if (mine.length === 0) return [];
  const fares = (await readMetrics(runtime, user.user_id)).map((one) => one.fares);
  const silent = fares.flatMap((metric): readonly Silent[] => {
    const connection = mine.find(({ account }) => account === metric.account);
    const isDue = metric.late && metric.byHand === null && (metric.expectedBy ?? 0) > nowMs - NEW_MS;
    return connection !== undefined && isDue && isNew(look, rowOf(metric)) ? [{ metric, connection }] : [];
  });
  if (silent.length === 0) return [];
  const connected = await look.connected();
  const found = silent.filter(
    ({ metric, connection }) => (connected.get(connection.account) ?? 0) <= (metric.expectedBy ?? 0),
  );
  return found.map((one) => {
    const theirs = found.filter(({ metric }) => metric.provider === one.metric.provider);
    const isTold = theirs[0] === one && !wasTold(look, one.metric.provider);
    return { row: rowOf(one.metric), line: isTold ? lineOf(theirs) : undefined };
  });
}

function rowOf({ provider, metric, lastDay }: MetricFreshness) {
  return { kind: 'silence', table: 'freshness', provider, metric, last_day: lastDay } as const;
}

function wasTold({ told, nowMs }: Look, provider: string): boolean {
  return Object.entries(told).some(([key, at]) => key.startsWith(`silence/${provider}/`) && at > nowMs - QUIET_MS);
}

/** "Garmin: no steps, distance, floors climbed and 12 more since Sun 1 Mar. …", and what to do. */
function lineOf(theirs: readonly Silent[]): string | undefined {
  const [first] = theirs;
  if (first === undefined) return undefined;
  const { provider: id, lastDay, cause, detail } = first.metric;
  const { kind, state } = first.connection;
  const titles = theirs.map(({ metric }) => metricOf(metric.metric).title.toLowerCase());
  const more = titles.length > NAMED ? ` and ${titles.length - NAMED} more` : '';
  // What the connection says of itself holds now; the tables are as old as the last batch.
  const known = state === 'active' || state === 'disconnected' ? (cause ?? 'provider_silent') : state;
  const said = state === 'active' ? detail : first.connection.cause;
  const about = { provider: providerNamed(id), kind, detail: said, only: [] };
  const { problem, remedy } = wordsOf(known, about);
  const why = known === 'provider_silent' ? 'Nothing is known to be wrong.' : problem;
  const since = `${sourceName(id)}: no ${titles.slice(0, NAMED).join(', ')}${more} since ${shortDay(lastDay)}.`;
  return [since, why, remedy].filter((part) => part !== null).join(' ');
}
