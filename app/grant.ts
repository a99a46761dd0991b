import * as z from 'zod';
import type { ReplaceResult, Vault } from '../ports/vault/vault.ts';
import type { Tokens } from '../providers/kit/oauth/oauth.ts';
import { Secret } from '../providers/kit/secret.ts';
import { WellspringError } from './errors.ts';

/** What a connection may use, as kept: `generation` is the vault's. */
export interface Grant {
  readonly tokens: Tokens;
  readonly generation: number;
  /** Unix ms; null where the writer did not say. */
  readonly savedAtMs: number | null;
}

const kept = z.object({
  access: z.string(),
  refresh: z.string().nullable(),
  expires_at: z.number().nullable(),
  scopes: z.array(z.string()).nullable(),
  fields: z.record(z.string(), z.string()),
  saved_at: z.number().nullable(),
});

/** A grant as it could be opened. One that cannot be still has a generation: it can be replaced and dropped, not used. */
export type Opened =
  | { readonly kind: 'grant'; readonly grant: Grant }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly generation: number };

/** The grant of a connection, whether or not it can be opened; throws only what the vault throws while it is away. */
export async function openGrant(vault: Vault, connectionId: string): Promise<Opened> {
  // Asked first: one that is made meanwhile is another than the one that does not open.
  const generation = await grantGeneration(vault, connectionId);
  try {
    const grant = await readGrant(vault, connectionId);
    return grant === undefined ? { kind: 'none' } : { kind: 'grant', grant };
  } catch (error) {
    if (isUnreadable(error)) return { kind: 'unreadable', generation };
    throw error;
  }
}

/** The generation a writer has to have seen, told without opening anything; 0 when there is no grant. */
export async function grantGeneration(vault: Vault, connectionId: string): Promise<number> {
  return vault.generation(idOf(connectionId));
}

/** Whether an error says that a kept text is there and cannot be read, which no later try will change. */
export function isUnreadable(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'vault_unreadable' || error.code === 'grant_unreadable';
}

/** The grant of a connection, undefined when there is none; throws `grant_unreadable`, and what the vault throws. */
export async function readGrant(vault: Vault, connectionId: string): Promise<Grant | undefined> {
  const found = await vault.read(idOf(connectionId));
  if (found === undefined) return undefined;
  const { access, refresh, expires_at: expiresAt, scopes, fields, saved_at: savedAtMs } = parsed(found.text);
  const tokens = {
    access: new Secret(access),
    refresh: refresh === null ? null : new Secret(refresh),
    expiresAt,
    scopes,
    fields,
  };
  return { tokens, generation: found.generation, savedAtMs };
}

/** Keeps a grant; `expect` is the generation that was read, 0 for none. `nowMs` lets its age be told later on. Durable when it resolves. */
export async function saveGrant(
  vault: Vault,
  connectionId: string,
  { access, refresh, expiresAt, scopes, fields }: Tokens,
  { expect, nowMs }: { readonly expect: number; readonly nowMs?: number },
): Promise<ReplaceResult> {
  const value: z.infer<typeof kept> = {
    access: access.reveal(),
    refresh: refresh?.reveal() ?? null,
    expires_at: expiresAt,
    scopes: scopes === null ? null : [...scopes],
    fields: { ...fields },
    saved_at: nowMs ?? null,
  };
  return vault.replace(idOf(connectionId), JSON.stringify(value), { expect });
}

/** Forgets the grant of a connection; what is not there is no error. False when another generation than `expect` is there, which stays. */
export async function dropGrant(
  vault: Vault,
  connectionId: string,
  options?: { readonly expect: number },
): Promise<boolean> {
  return vault.delete(idOf(connectionId), options);
}

function idOf(connectionId: string): string {
  return `connection/${connectionId}`;
}

/** The text is a secret: neither it nor what a parser says of it goes into the error. */
function parsed(text: string): z.infer<typeof kept> {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    throw new WellspringError({
      code: 'grant_unreadable',
      message: 'A stored grant is not of the shape this version reads.',
      remedy: 'Connect the provider again.',
    });
  }
}
