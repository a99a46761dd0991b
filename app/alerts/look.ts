import type { AlertRow } from '../../ports/bus/bus.ts';
import { addDays, localMoment } from '../days.ts';
import { readConnected } from '../freshness/connected.ts';
import type { User } from '../people.ts';
import type { Runtime } from '../runtime.ts';

/** What looking for something new needs. */
export type LookRuntime = Pick<Runtime, 'state' | 'warehouse' | 'readings' | 'clock' | 'mailDetail'>;

/** A row its person was not told of yet. */
export interface Found {
  readonly row: AlertRow;
  /** What a message says of it; undefined where it may not, or need not. */
  readonly line: string | undefined;
}

/** Looking at one person now: their local yesterday and today, and nothing older. */
export interface Look {
  readonly user: User;
  readonly yesterday: string;
  readonly today: string;
  readonly nowMs: number;
  /** When each row was told of, Unix ms. */
  readonly told: Readonly<Record<string, number>>;
  /** Since when (Unix ms) the accounts of the person are connected; asked for once, and only when something is new. */
  readonly connected: () => Promise<ReadonlyMap<string, number>>;
}

/** A look at a person who was told of these rows. */
export function openLook(runtime: LookRuntime, user: User, told: Look['told']): Look {
  const nowMs = runtime.clock.now();
  const { day: today } = localMoment(nowMs, user.zone);
  let asked: ReturnType<Look['connected']> | undefined;
  const connected = () => (asked ??= readConnected(runtime, user.user_id));
  return { user, yesterday: addDays(today, -1), today, nowMs, told, connected };
}

/** What a row is told by, once: `goal_met/2026-03-04/steps_at_least`. */
export function keyOf(row: AlertRow): string {
  if (row.kind === 'goal_met') return [row.kind, row.local_date, row.goal].join('/');
  if (row.kind === 'anomaly') return [row.kind, row.local_date, row.metric].join('/');
  return [row.kind, row.provider, row.metric, row.last_day].join('/');
}

export function isNew({ told }: Pick<Look, 'told'>, row: AlertRow): boolean {
  return told[keyOf(row)] === undefined;
}

/** Rows of days since the person's first connection: what came with it of the days before is history. */
export async function sinceConnected<F extends { readonly row: { readonly local_date: string } }>(
  { user, connected }: Look,
  found: readonly F[],
): Promise<readonly F[]> {
  if (found.length === 0) return [];
  const first = Math.min(...(await connected()).values());
  if (first === Infinity) return [];
  const { day } = localMoment(first, user.zone);
  return found.filter(({ row }) => row.local_date >= day);
}
