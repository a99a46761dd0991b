import type { Provider } from '../providers/kit/provider.ts';
import { daysBetween, localMoment } from './days.ts';
import { readConnected } from './freshness/connected.ts';
import { type Cause, type MetricFreshness, readMetrics } from './freshness/metric.ts';
import { judge } from './freshness/judge.ts';
import { wordsOf } from './freshness/words.ts';
import { metricOf } from './metrics.ts';
import type { User } from './people.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';
import { type ConnectionStatus, status } from './status.ts';

export type { Cause, MetricFreshness } from './freshness/metric.ts';

/** How far one provider's data of one person reach, and whether that is as far as they should. */
export interface Freshness {
  readonly provider: string;
  /** Last local day with data; null when none came yet. */
  readonly lastDay: string | null;
  /** Local days between that day and today; null when none came yet. */
  readonly daysBehind: number | null;
  /** More should have come by now. */
  readonly late: boolean;
  /** The local day from which it is late; null while it is not. */
  readonly lateSince: string | null;
  /** What is wrong, late or not; `not_measured` is no fault. */
  readonly cause: Cause | null;
  readonly problem: string | null;
  readonly remedy: string | null;
  /** By metric; those that are due by themselves and those a person does by hand. */
  readonly metrics: readonly MetricFreshness[];
}

const DAY_MS = 86_400_000;
/** What has just been connected has two days for its first data. */
const FIRST_DAYS = 2;

/** The freshness of each provider a person is connected to, by provider; `today` is their local date. */
export async function readFreshness(
  runtime: Pick<Runtime, 'state' | 'vault' | 'warehouse' | 'clock'>,
  user: Pick<User, 'user_id' | 'zone'>,
  today: string,
): Promise<readonly Freshness[]> {
  const rows = (await status(runtime, user.user_id)).filter(({ state }) => state !== 'disconnected');
  if (rows.length === 0) return [];
  const metrics = (await readMetrics(runtime, user.user_id)).map(({ fares }) => fares);
  const connected = await readConnected(runtime, user.user_id);
  const providers = [...new Set(rows.map((row) => row.provider))].toSorted();
  return providers.map((provider) => {
    const mine = rows.filter((row) => row.provider === provider);
    const firstDue = Math.min(...mine.map(({ account }) => dueOf(connected.get(account))));
    const theirs = metrics.filter(({ provider: of }) => of === provider);
    return one({
      provider,
      connections: mine,
      metrics: theirs,
      firstDue,
      today,
      zone: user.zone,
      nowMs: runtime.clock.now(),
    });
  });
}

function dueOf(connectedMs: number | undefined): number {
  return connectedMs === undefined ? Infinity : connectedMs + FIRST_DAYS * DAY_MS;
}

const NOTHING = { problem: null, remedy: null } as const;
const title = (metric: string): string => metricOf(metric).title.toLowerCase();

interface About {
  readonly provider: string;
  readonly connections: readonly ConnectionStatus[];
  readonly metrics: readonly MetricFreshness[];
  /** Unix ms from which it is late although nothing ever came. */
  readonly firstDue: number;
  readonly today: string;
  readonly zone: string;
  readonly nowMs: number;
}

function one({ provider, connections, metrics, firstDue, today, zone, nowMs }: About): Freshness {
  // Several accounts of one provider are one source to a person: the furthest of them counts.
  const newest = connections.reduce((a, b) => ((b.last_data_day ?? '') > (a.last_data_day ?? '') ? b : a));
  const lastDay = newest.last_data_day;
  const named: Provider = providerNamed(provider);
  const judged = judge(metrics, connections, { firstDue, nowMs });
  const { cause, late, dueMs, connection = newest } = judged;
  const words: Readonly<Record<string, string>> = named.oauth?.scopes ?? {};
  const missing = connection.missing_scopes.map((scope) => words[scope] ?? scope);
  const about = {
    provider: named,
    missing,
    kind: connection.kind,
    detail: judged.detail,
    only: judged.only.map(title),
  };
  // What the connection says of itself holds now; the tables are as old as the last batch.
  const isOfConnection = lastDay === null || cause === null || cause === connection.state || cause === 'scope_missing';
  const { problem, remedy } =
    connection.problem !== null && isOfConnection ? connection : cause === null ? NOTHING : wordsOf(cause, about);
  return {
    provider,
    lastDay,
    daysBehind: lastDay === null ? null : daysBetween(lastDay, today),
    late,
    lateSince: late && dueMs !== null ? localMoment(dueMs, zone).day : null,
    cause,
    problem,
    remedy,
    metrics: judged.metrics,
  };
}
