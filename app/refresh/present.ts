import type { OAuthClient, TokenOutcome, Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { Secret } from '../../providers/kit/secret.ts';
import { within } from '../deadline.ts';
import { type Grant, saveGrant } from '../grant.ts';
import { type Access, type Custody, type Found, memoryOf } from './custody.ts';
import { failed, note } from './failed.ts';
import { CALL_MS, START_MS } from './patience.ts';
import { writePresentation } from './presentation.ts';
import { settle } from './settle.ts';

/** Presents the refresh token, if nobody else does, and keeps what comes of it. Undefined: look again, something has changed. */
export async function present(custody: Custody, found: Found): Promise<Access | undefined> {
  const { connection, grant, refresh, record, version } = found;
  const id = connection.connection_id;
  const client = await custody.oauthClient(connection.provider);
  const atMs = custody.clock.now();
  const unknownSinceMs = record.unknownSinceMs ?? record.presented?.atMs ?? null;
  const mine = { ...record, unknownSinceMs, presented: { atMs, deadlineMs: atMs + START_MS + CALL_MS } };
  const written = await writePresentation(custody, id, mine, version);
  if (written === undefined) return undefined;
  const generation = unknownSinceMs === null ? grant.generation : await fence(custody, id, grant);
  const isLate = custody.clock.now() >= atMs + START_MS;
  if (generation === undefined || isLate) {
    await note(custody, id, { ...mine, presented: null }, written);
    return undefined;
  }
  const outcome = await ask(custody, client, refresh);
  if (outcome.ok) {
    const tokens = merged(grant.tokens, outcome.tokens);
    memoryOf(custody).successors.set(id, {
      connection,
      tokens,
      expect: generation,
      version: written,
      forced: found.forced,
    });
    return settle(custody, id);
  }
  return failed(custody, { ...found, grant: { ...grant, generation }, record: mine, version: written }, outcome);
}

/**
 * A token whose answer was lost is presented again under a new generation, so that the one who presented it first and is only slow
 * can no longer save a successor that is not the last. Undefined when that has happened just now.
 */
async function fence(
  { vault }: Custody,
  id: string,
  { tokens, generation, savedAtMs }: Grant,
): Promise<number | undefined> {
  const when = savedAtMs === null ? {} : { nowMs: savedAtMs };
  const saved = await saveGrant(vault, id, tokens, { expect: generation, ...when });
  return saved.ok ? saved.generation : undefined;
}

/** Never throws: what a client cannot tell counts as lost. */
async function ask({ clock }: Custody, client: OAuthClient, refresh: Secret): Promise<TokenOutcome> {
  const lost = { ok: false, kind: 'unknown' } as const;
  const call = async (): Promise<TokenOutcome> => client.refresh(refresh);
  const timed = await within(
    clock,
    CALL_MS,
    call().catch(() => lost),
  );
  return timed.ok ? timed.value : lost;
}

/** RFC 6749 6: what the answer leaves out stays as it was. */
function merged(before: Tokens, after: Tokens): Tokens {
  return {
    ...after,
    refresh: after.refresh ?? before.refresh,
    scopes: after.scopes ?? before.scopes,
    fields: { ...before.fields, ...after.fields },
  };
}
