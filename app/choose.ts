import type { ImportPart } from '../providers/kit/provider.ts';

export type Choice =
  | { readonly ok: true; readonly externalId: string; readonly parts: readonly ImportPart[] }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly remedy: string };

/** How many accounts a refusal lists. */
const LISTED = 5;

/**
 * The one account a file is imported for, and its parts: the account the file names, else the one asked for,
 * else `file:<user id>`. Of several named accounts `wanted` picks one, and the others' parts are left out.
 */
export function chooseAccount(parts: readonly ImportPart[], wanted: string | undefined, userId: string): Choice {
  const named = [...new Set(parts.map((part) => part.externalId))].filter((id) => id !== undefined);
  const [only, ...others] = named;
  if (only === undefined) return { ok: true, externalId: wanted ?? `file:${userId}`, parts };
  const list = `${named.slice(0, LISTED).join(', ')}${named.length > LISTED ? ', …' : ''}`;
  if (wanted !== undefined) {
    const theirs = parts.filter((part) => part.externalId === wanted);
    if (theirs.length > 0) return { ok: true, externalId: wanted, parts: theirs };
    const remedy = 'Name one of those with --external-id, or leave it out.';
    return { ok: false, code: 'account_not_in_file', detail: `The file is about ${list}.`, remedy };
  }
  if (others.length === 0) return { ok: true, externalId: only, parts };
  const detail = `The file is about ${named.length} accounts: ${list}.`;
  return { ok: false, code: 'several_accounts', detail, remedy: 'Pick one with --external-id.' };
}
