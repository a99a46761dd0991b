const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** One lower-case base32 character per byte: 256 is a multiple of 32, so every character is equally likely. */
export function letters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 31)).join('');
}
