import * as z from 'zod';
import type { Vault } from '../ports/vault/vault.ts';
import { Secret } from '../providers/kit/secret.ts';
import { type OAuthProvider } from './connect/setup.ts';
import { WellspringError } from './errors.ts';
import { isUnreadable } from './grant.ts';
import type { Runtime } from './runtime.ts';

/** How long a replaced secret still counts: the provider may take a moment to know the new one. */
const OVERLAP_MS = 24 * 3_600_000;

const kept = z.object({ secret: z.string(), previous: z.string().nullable(), replaced_at: z.number() });

type SecretRuntime = Pick<Runtime, 'vault' | 'clock'>;

/**
 * The client secrets of a provider, newest first: none, one, or for a day after a change two; `unreadable` where one is kept and
 * cannot be opened.
 */
export async function clientSecrets(
  { vault, clock }: SecretRuntime,
  providerId: string,
): Promise<readonly Secret[] | 'unreadable'> {
  const held = await read(vault, providerId);
  if (held === undefined) return [];
  if (held === 'unreadable') return held;
  const overlaps = held.previous !== null && clock.now() < held.replaced_at + OVERLAP_MS;
  return [held.secret, ...(overlaps && held.previous !== null ? [held.previous] : [])].map((text) => new Secret(text));
}

/** Keeps a client secret; the one before counts for another day, if it can be opened. Throws `bad_secret` for what cannot be one. */
export async function setClientSecret(
  { vault, clock }: SecretRuntime,
  provider: Pick<OAuthProvider, 'id' | 'name'>,
  text: string,
): Promise<void> {
  const secret = text.trim();
  refuseUnfit(provider, secret);
  for (;;) {
    const expect = await vault.generation(idOf(provider.id));
    const found = await read(vault, provider.id);
    const before = found === 'unreadable' ? undefined : found;
    if (before?.secret === secret) return;
    const value = { secret, previous: before?.secret ?? null, replaced_at: clock.now() };
    const saved = await vault.replace(idOf(provider.id), JSON.stringify(value), { expect });
    if (saved.ok) return;
  }
}

const PLACEHOLDER =
  /^[<[{(]|[>\]})]$|change.?me|your.?(client|secret)|place.?holder|^(x{3,}|\*{3,}|\.{3,}|secret|client.?secret|todo|null|undefined)$/i;

/** What was sent is never repeated, not even when it is clearly no secret. */
function refuseUnfit({ id, name }: Pick<OAuthProvider, 'id' | 'name'>, secret: string): void {
  const why =
    (secret === '' && 'Nothing came on stdin.') ||
    (!/^[\x21-\x7e]{1,1000}$/.test(secret) && 'It must be one line of printable characters without blanks.') ||
    (PLACEHOLDER.test(secret) && 'That is a placeholder, not a secret.');
  if (why === false) return;
  throw new WellspringError({
    code: 'bad_secret',
    message: `The client secret of ${name} was not set.`,
    detail: why,
    remedy: `Copy it from the portal and send it on stdin: wellspring secret set ${id}.clientSecret < FILE`,
    exit: 2,
  });
}

function idOf(providerId: string): string {
  return `client/${providerId}`;
}

/** Undefined when none is kept. Throws what the vault throws while it is away. */
async function read(vault: Vault, providerId: string): Promise<z.infer<typeof kept> | 'unreadable' | undefined> {
  try {
    const found = await vault.read(idOf(providerId));
    return found === undefined ? undefined : parsed(found.text);
  } catch (error) {
    if (isUnreadable(error)) return 'unreadable';
    throw error;
  }
}

/** Neither the text nor what a parser says of it leaves here. */
function parsed(text: string): z.infer<typeof kept> | 'unreadable' {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}
