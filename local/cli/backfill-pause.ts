import type { BackfillReport } from '../../app/collect/backfill.ts';
import type { Connection } from '../../app/tie.ts';

/** Why a backfill is not finished, as a stable word and in words, and when or how it goes on. */
export interface Pause {
  readonly reason: 'stopped' | 'needs_reconnect' | 'waiting' | 'busy';
  readonly detail: string;
  readonly next: string;
}

/** Null for one that is finished. `connection`: as it stands now; undefined when it is gone. */
export function pauseOf(
  { state, waiting, retry_at: at }: Pick<BackfillReport, 'state' | 'waiting' | 'retry_at'>,
  connection: Pick<Connection, 'provider' | 'user_id' | 'state'> | undefined,
  { isStopped }: { readonly isStopped: boolean },
): Pause | null {
  if (state === 'finished') return null;
  if (connection?.state !== 'active') {
    const command = connection && `wellspring connect ${connection.provider} --user ${connection.user_id}`;
    const next = `It goes on once it is connected again${command === undefined ? '' : `: ${command}`}.`;
    return { reason: 'needs_reconnect', detail: 'It is no longer connected.', next };
  }
  const whenAsked = 'It goes on with the next sweep of a running server.';
  if (isStopped) return { reason: 'stopped', detail: 'It was stopped.', next: whenAsked };
  if (Object.keys(waiting).length === 0) {
    return { reason: 'busy', detail: 'Another process is fetching for this connection.', next: whenAsked };
  }
  const next = at === null ? whenAsked : `A running server goes on after ${at}.`;
  return { reason: 'waiting', detail: inWords(waiting), next };
}

/** Each reason once, after the types it holds for. */
function inWords(waiting: Readonly<Record<string, string>>): string {
  const types = new Map<string, readonly string[]>();
  for (const [type, why] of Object.entries(waiting)) types.set(why, [...(types.get(why) ?? []), type]);
  return [...types].map(([why, all]) => `${all.join(', ')}: ${why}`).join(' ');
}
