import { dropGrant, openGrant, saveGrant } from '../grant.ts';
import { backoffMs } from '../retry.ts';
import { setCondition } from '../condition.ts';
import type { ConnectionRecord } from '../tie.ts';
import { type Access, type Custody, type Successor, memoryOf } from './custody.ts';
import { isLost } from './end.ts';
import { about, readPresentation, writePresentation } from './presentation.ts';

const TRIES = 6;
/** How long others leave the old token alone while we hold its successor and cannot save it: longer than from sweep to sweep. */
const HOLD_MS = 20 * 60_000;

/**
 * Saves the successor this process holds for a connection, before anybody sees it. Answers undefined when there is none,
 * or when the grant has changed under it; `later` while the vault does not take it: then it stays in memory.
 */
export async function settle(custody: Custody, connectionId: string): Promise<Access | undefined> {
  const successors = memoryOf(custody).successors;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const successor = successors.get(connectionId);
    if (successor === undefined) return undefined;
    const saved = await save(custody, successor).catch(() => undefined);
    if (saved !== undefined) {
      successors.delete(connectionId);
      if (saved !== 'superseded') await tidy(custody, successor);
      return saved === 'superseded' ? undefined : { ok: true, token: successor.tokens.access, generation: saved };
    }
    if (attempt === 0) await hold(custody, successor);
    await custody.clock.sleep(backoffMs(attempt, custody.ids, { baseMs: 250, capMs: 4000 }));
  }
  return { ok: false, reason: 'later', retryAtMs: custody.clock.now() + 30_000 };
}

/** The new generation, or that another grant or none has come in between. Throws what the vault throws. */
async function save(custody: Custody, { connection, tokens, expect }: Successor): Promise<number | 'superseded'> {
  const { vault, clock } = custody;
  const saved = await saveGrant(vault, connection.connection_id, tokens, { expect, nowMs: clock.now() });
  if (saved.ok) return saved.generation;
  const there = await openGrant(vault, connection.connection_id);
  // A write whose answer was lost: what is there is ours.
  if (there.kind === 'grant' && there.grant.tokens.access.reveal() === tokens.access.reveal()) {
    return there.grant.generation;
  }
  await custody.revoke(connection, tokens).catch(() => undefined);
  return 'superseded';
}

/** The grant is safe: what fails from here on is found out by the next one. */
async function tidy(custody: Custody, { connection, tokens, version, forced }: Successor): Promise<void> {
  const id = connection.connection_id;
  try {
    if (tokens.refresh !== null) {
      const blank = about(tokens.refresh, { value: undefined, version: 0 });
      await writePresentation(custody, id, { ...blank, forcedAtMs: forced ? custody.clock.now() : null }, version);
    }
    const record = await custody.state.get<ConnectionRecord>('connection', id);
    // Whoever disconnected did so between our look and our save, and has dropped the grant before this one.
    if (record?.value.state === 'disconnected') {
      await dropGrant(custody.vault, id);
      await custody.revoke(connection, tokens);
    }
    // Given up by somebody who could not know that we held it.
    if (await isLost(custody, id)) await setCondition(custody, id, { state: 'active', cause: null });
  } catch {
    return;
  }
}

async function hold(custody: Custody, successor: Successor): Promise<void> {
  const { connection, version } = successor;
  const id = connection.connection_id;
  try {
    const kept = await readPresentation(custody, id);
    if (kept.version !== version || !kept.value?.presented) return;
    const deadlineMs = custody.clock.now() + HOLD_MS;
    const held = { ...kept.value, presented: { ...kept.value.presented, deadlineMs } };
    const next = await writePresentation(custody, id, held, version);
    if (next !== undefined) memoryOf(custody).successors.set(id, { ...successor, version: next });
  } catch {
    return;
  }
}
