import { openGrant } from '../grant.ts';
import type { ConnectionRecord } from '../tie.ts';
import { type Access, type Custody, type Wish, memoryOf } from './custody.ts';
import { isFresh, isUnused, isUsable } from './due.ts';
import { end } from './end.ts';
import { mayPresentAgain } from './patience.ts';
import { present } from './present.ts';
import { type Presentation, about, readPresentation } from './presentation.ts';
import { settle } from './settle.ts';

/** How long somebody else's presentation is waited for before the caller hears `later`. */
const MAX_WAIT_MS = 10_000;
const LOOK_AGAIN_MS = 100;
/** A token that came for a refused one and was never taken is not the problem: it is not renewed again before this. */
const FORCED_MS = 3_600_000;

const NOT_CONNECTED = { ok: false, reason: 'not_connected' } as const;

/** A token for a connection. Those who ask in one process at once share one look. */
export async function obtain(custody: Custody, connectionId: string, wish: Wish): Promise<Access> {
  const { running } = memoryOf(custody);
  for (;;) {
    const other = running.get(connectionId);
    const mine = other ?? look(custody, connectionId, wish).finally(() => running.delete(connectionId));
    if (other === undefined) running.set(connectionId, mine);
    const answer = await mine;
    // The shared look may not have known that this one is refused.
    if (other === undefined || !answer.ok || answer.generation !== wish.refused) return answer;
  }
}

async function look(custody: Custody, connectionId: string, wish: Wish): Promise<Access> {
  const lastMs = custody.clock.now() + MAX_WAIT_MS;
  for (;;) {
    const answer = (await settle(custody, connectionId)) ?? (await attempt(custody, connectionId, wish, lastMs));
    if (answer !== undefined) return answer;
  }
}

/** One look at everything, and what follows from it. Undefined: look again. */
async function attempt(custody: Custody, id: string, wish: Wish, lastMs: number): Promise<Access | undefined> {
  const { state, vault, clock } = custody;
  const kept = await readPresentation(custody, id);
  const connection = (await state.get<ConnectionRecord>('connection', id))?.value;
  if (connection === undefined || connection.kind !== 'oauth') return NOT_CONNECTED;
  if (connection.state === 'disconnected') return NOT_CONNECTED;
  if (connection.state !== 'active') return { ok: false, reason: 'needs_reconnect' };
  const [oauth, opened] = [custody.oauth(connection.provider), await openGrant(vault, id)];
  if (oauth === undefined || opened.kind === 'none') return NOT_CONNECTED;
  if (opened.kind === 'unreadable') return end(custody, id, opened, 'grant_unreadable');
  const { grant } = opened;

  const forced = wish.refused === grant.generation;
  const give: Access = { ok: true, token: grant.tokens.access, generation: grant.generation };
  const isWanted = wish.unused === true && isUnused(oauth, grant, clock.now());
  if (!forced && !isWanted && isFresh(oauth, id, grant, clock.now())) return give;
  const { refresh } = grant.tokens;
  if (refresh === null) return end(custody, id, grant, forced ? 'unauthorised' : 'expired');

  const record = about(refresh, kept);
  const retryAtMs = waitsUntil(record, forced, clock.now());
  if (retryAtMs !== undefined) {
    const isAnswering = record.presented !== null && clock.now() < Math.min(lastMs, record.presented.deadlineMs);
    if (isAnswering) {
      await clock.sleep(Math.min(LOOK_AGAIN_MS, retryAtMs - clock.now()));
      return undefined;
    }
    return !forced && isUsable(grant, clock.now()) ? give : { ok: false, reason: 'later', retryAtMs };
  }
  const sinceMs = record.unknownSinceMs ?? record.presented?.atMs;
  if (sinceMs !== undefined && !mayPresentAgain(oauth, sinceMs, clock.now())) {
    return end(custody, id, grant, 'refresh_answer_lost');
  }
  return present(custody, { connection, oauth, grant, refresh, record, version: kept.version, forced });
}

/** The instant before which the token must not be presented; undefined when nothing stands against it. */
function waitsUntil(record: Presentation, forced: boolean, nowMs: number): number | undefined {
  const forcedMs = forced && record.forcedAtMs !== null ? record.forcedAtMs + FORCED_MS : 0;
  const untilMs = Math.max(record.presented?.deadlineMs ?? 0, record.untilMs, forcedMs);
  return untilMs > nowMs ? untilMs : undefined;
}
