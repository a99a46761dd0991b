import { openGrant } from '../grant.ts';
import type { Custody } from './custody.ts';
import { about, readPresentation, writePresentation } from './presentation.ts';

/**
 * Notes that the provider took the access token of a generation that had come for a refused one: when it is refused later, something has
 * happened since. Only a hint: never throws, and one that is lost puts the next forced renewal off, as if nothing had been taken.
 */
export async function noteAccepted(
  custody: Pick<Custody, 'state' | 'vault'>,
  connectionId: string,
  generation: number,
): Promise<void> {
  try {
    const kept = await readPresentation(custody, connectionId);
    if (kept.value === undefined || kept.value.forcedAtMs === null) return;
    const opened = await openGrant(custody.vault, connectionId);
    if (opened.kind !== 'grant' || opened.grant.generation !== generation) return;
    const { refresh } = opened.grant.tokens;
    // The record is also the lock: whoever presents the token finds it as they wrote it.
    if (refresh === null || kept.value.presented !== null) return;
    await writePresentation(custody, connectionId, { ...about(refresh, kept), forcedAtMs: null }, kept.version);
  } catch {
    return;
  }
}
