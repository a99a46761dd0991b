import type { TokenOutcome } from '../../providers/kit/oauth/oauth.ts';
import { grantGeneration } from '../grant.ts';
import { backoffMs } from '../retry.ts';
import type { Access, Custody, Found } from './custody.ts';
import { end } from './end.ts';
import { cooled, graceEndOf, mayPresentAgain } from './patience.ts';
import { type Presentation, writePresentation } from './presentation.ts';

/** What follows when a presentation gave nothing. Undefined: look again. */
export async function failed(
  custody: Custody,
  { connection, oauth, grant, record, version }: Found,
  outcome: Exclude<TokenOutcome, { readonly ok: true }>,
): Promise<Access | undefined> {
  const id = connection.connection_id;
  const { clock, ids } = custody;
  if (outcome.kind === 'refused' && (outcome.error === 'invalid_grant' || outcome.error === 'invalid_client')) {
    // It may be our own doing: somebody else has been faster, and the refused token is not the one that counts.
    const there = await grantGeneration(custody.vault, id);
    return there === grant.generation ? end(custody, id, grant, outcome.error) : undefined;
  }
  const retryAfter = outcome.kind === 'later' ? outcome.retryAfter : undefined;
  const presentedMs = outcome.kind === 'unknown' ? (record.presented?.atMs ?? clock.now()) : null;
  const lostMs = record.unknownSinceMs ?? presentedMs;
  const next = cooled(record, { nowMs: clock.now(), ids, retryAfter, graceEndMs: graceEndOf(oauth, lostMs) });
  if (outcome.kind !== 'unknown') {
    await note(custody, id, next, version);
    return undefined;
  }
  const sinceMs = lostMs ?? clock.now();
  if (!mayPresentAgain(oauth, sinceMs, clock.now())) return end(custody, id, grant, 'refresh_answer_lost');
  // The provider may still be at work on it until then.
  const untilMs = Math.max(next.untilMs, record.presented?.deadlineMs ?? 0);
  await note(custody, id, { ...next, unknownSinceMs: sinceMs, untilMs }, version);
  return undefined;
}

/** Only while the record is ours. One that cannot be written says "presented" until its deadline, which is the careful thing to say. */
export async function note(custody: Custody, id: string, record: Presentation, version: number): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const done = await writePresentation(custody, id, record, version).then(
      () => true,
      () => false,
    );
    if (done) return;
    await custody.clock.sleep(backoffMs(attempt, custody.ids, { baseMs: 250 }));
  }
}
