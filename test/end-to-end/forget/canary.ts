import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A word plain, as hex, as base64 behind zero, one and two other bytes, in an address and in JSON. */
function spellings(word: string): readonly string[] {
  const bytes = Buffer.from(word);
  // Three bytes make four characters: what other bytes have a part in is cut off at both ends.
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before, 'x'), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(before === 0 ? 0 : before + 1, -2);
  });
  return [word, bytes.toString('hex'), ...base64, encodeURIComponent(word), JSON.stringify(word).slice(1, -1)];
}

/** Files below a directory, by path, whose bytes or path hold one of the words in any spelling. */
export function filesThatHold(directory: string, words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    const bytes = entry.isFile() ? readFileSync(path) : Buffer.alloc(0);
    for (const word of words) {
      const hit = spellings(word).find((spelling) => bytes.includes(spelling) || name.includes(spelling));
      if (hit !== undefined) found.push(`${name}: ${word} as ${hit}`);
    }
  }
  return found;
}
