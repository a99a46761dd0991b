import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import * as z from 'zod';
import { PortError } from '../errors.ts';

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D 5.2.1.1: the length GCM is made for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text as it lies in the database; `key` says which key opens it, the others are base64url. */
export const sealedText = z.object({ key: z.string(), nonce: z.string(), text: z.string(), tag: z.string() });
export type SealedText = z.infer<typeof sealedText>;

/** What a sealed text belongs to: opened as anything else it is unreadable. */
export interface Place {
  readonly id: string;
  readonly generation: number;
}

/** Seals with a key (32 bytes as base64url) and a nonce (12 bytes) that was never used with it. */
export function seal(
  text: string,
  place: Place,
  { key, nonce }: { readonly key: string; readonly nonce: string },
): SealedText {
  const cipher = createCipheriv(CIPHER, bytesOf(key), bytesOf(nonce), { authTagLength: TAG_BYTES });
  cipher.setAAD(additionOf(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64url');
  return { key: keyId(key), nonce, text: sealed, tag: cipher.getAuthTag().toString('base64url') };
}

/** Opens with whichever of the keys sealed it; throws `vault_unreadable`. */
export function open(sealed: SealedText, place: Place, keys: readonly string[]): string {
  const key = keys.find((one) => keyId(one) === sealed.key);
  const [nonce, text, tag] = [bytesOf(sealed.nonce), bytesOf(sealed.text), bytesOf(sealed.tag)];
  if (key === undefined || nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) throw unreadable();
  try {
    const decipher = createDecipheriv(CIPHER, bytesOf(key), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionOf(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    throw unreadable();
  }
}

/** Names a key without telling it. */
export function keyId(key: string): string {
  return createHash('sha256').update(`vault key ${key}`).digest('base64url').slice(0, 12);
}

/** What every unreadable text is told as; the library's own error says nothing more. */
function unreadable(): PortError {
  return new PortError(
    'vault_unreadable',
    'A stored secret cannot be opened: it was sealed with another key, or changed since.',
    {
      remedy: 'Put vault.key back from a backup, or connect the provider again.',
    },
  );
}

function additionOf({ id, generation }: Place): Buffer {
  return Buffer.from(JSON.stringify(['wellspring vault 1', id, generation]));
}

/** Only the one spelling of some bytes is read: Node also takes others, and then not every changed letter would be noticed. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw unreadable();
  return bytes;
}
