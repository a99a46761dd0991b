import { findProvider } from '../../providers/index.ts';
import type { ConnectionStatus } from '../status.ts';
import type { Cause, MetricFreshness } from './metric.ts';

/** What the metrics of one provider say together. */
export interface Judged {
  readonly late: boolean;
  readonly cause: Cause | null;
  readonly detail: string | null;
  /** Unix ms: when more was due; null while nothing is late. */
  readonly dueMs: number | null;
  /** The connection the cause is of, where it is of one. */
  readonly connection?: ConnectionStatus;
  /** The metrics that stopped while the others went on; none when all did. */
  readonly only: readonly string[];
  /** With what is known of the connections by now. */
  readonly metrics: readonly MetricFreshness[];
}

/** A metric that stopped while the others went on is told this long: the device, or the habit, has changed. */
const TOLD_MS = 14 * 86_400_000;
const OF_CONNECTIONS: readonly (Cause | null)[] = [
  'not_connected',
  'needs_reconnect',
  'revoked',
  'deregistered',
  'scope_missing',
];
/** What is late without a known cause. */
const UNKNOWN: readonly Cause[] = ['provider_silent', 'not_measured'];
/** Told only of what is late. */
const WAITS: readonly Cause[] = ['unfinished_fetch', 'provider_silent'];
/** Worst first. */
const ORDER: readonly Cause[] = ['scope_missing', 'quarantined', 'unfinished_fetch', 'provider_silent', 'not_measured'];

/** Whether a provider is late, and why. Connections are as they are now, metrics as last published. */
export function judge(
  published: readonly MetricFreshness[],
  connections: readonly ConnectionStatus[],
  { firstDue, nowMs }: { readonly firstDue: number; readonly nowMs: number },
): Judged {
  const metrics = published.map((metric) => asOfNow(metric, connections));
  const own = metrics.filter(({ byHand }) => byHand === null);
  const due = own.filter(({ late }) => late);
  // What has no rhythm yet is expected by nobody: that it is not late does not mean that it comes.
  const isWhole = own.every(({ late, expectedBy }) => late || expectedBy === null);
  const told = due.filter(({ expectedBy }) => isWhole || nowMs - (expectedBy ?? nowMs) < TOLD_MS);
  const missed = own.length === 0 ? metrics.filter(({ late, cause }) => late && cause !== 'not_measured') : told;
  const neverCame = metrics.length === 0 && nowMs > firstDue;
  const late = missed.length > 0 || neverCame;
  const dueMs =
    missed.length > 0 ? Math.min(...missed.map(({ expectedBy }) => expectedBy ?? nowMs)) : neverCame ? firstDue : null;
  const ended = connections.find(({ state, cause }) => state !== 'active' || cause === 'scope_missing');
  const said = ended === undefined ? undefined : causeOf(ended);
  const only = isWhole ? [] : missed.map(({ metric }) => metric);
  const stays = { late, dueMs, metrics, only };
  if (ended !== undefined && said !== undefined)
    return { ...stays, cause: said, detail: ended.cause, connection: ended };
  const found = ORDER.map((cause) => metrics.find((one) => isTold(one, cause, missed))).find(
    (one) => one !== undefined,
  );
  if (found !== undefined) return { ...stays, cause: found.cause, detail: found.detail };
  const isRefused = neverCame && connections.some(({ last_delivery }) => last_delivery !== null);
  return { ...stays, cause: neverCame ? (isRefused ? 'quarantined' : 'provider_silent') : null, detail: null };
}

function isTold(metric: MetricFreshness, cause: Cause, missed: readonly MetricFreshness[]): boolean {
  if (metric.cause !== cause) return false;
  // What is closed or was refused is told also before anything is late.
  return !WAITS.includes(cause) || missed.includes(metric);
}

/** What was published of a connection before it changed no longer holds, nor does a fetch that has been made since. */
function asOfNow(metric: MetricFreshness, connections: readonly ConnectionStatus[]): MetricFreshness {
  const connection = connections.find(({ account }) => account === metric.account);
  if (connection === undefined) return metric;
  if (connection.state !== 'active')
    return { ...metric, cause: causeOf(connection) ?? metric.cause, detail: connection.cause };
  const isOver =
    metric.cause === 'unfinished_fetch'
      ? connection.pending.length === 0 && Date.parse(connection.last_fetch ?? '') >= (metric.causeAt ?? Infinity)
      : metric.cause !== 'scope_missing' && OF_CONNECTIONS.includes(metric.cause);
  const isOpen = isOver || metric.cause === null || UNKNOWN.includes(metric.cause);
  const detail = metric.late && isOpen ? unfetched(metric, connection) : undefined;
  if (detail !== undefined) return { ...metric, cause: 'unfinished_fetch', detail };
  if (!isOver) return metric;
  const left = metric.late ? (metric.byHand === null ? 'provider_silent' : 'not_measured') : null;
  return { ...metric, cause: left, detail: null };
}

/** Why days of what holds a metric are not fetched, in words; undefined when they are. */
function unfetched(
  { metric }: MetricFreshness,
  { provider, left_alone, pending }: ConnectionStatus,
): string | undefined {
  const streams = findProvider(provider)?.collect?.streams ?? [];
  const types = streams.filter(({ metrics }) => metrics.includes(metric)).map(({ type }) => type);
  return [...left_alone, ...pending].find(({ type }) => types.includes(type))?.detail;
}

function causeOf({ state, cause }: ConnectionStatus): Cause | undefined {
  if (state === 'disconnected') return 'not_connected';
  if (state !== 'active') return state;
  return cause === 'scope_missing' ? 'scope_missing' : undefined;
}
