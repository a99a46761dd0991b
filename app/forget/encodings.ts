/** Shorter words are in any large file by chance once they are encoded. */
const LEAST = 8;

/**
 * A word as it can stand in a file: plain, hex, base64 at its three offsets, URL-encoded and JSON-escaped. A short one only
 * as a whole JSON string, in plain text.
 */
export function encodingsOf(word: string): readonly Buffer[] {
  if (Buffer.byteLength(word) < LEAST) return [Buffer.from(JSON.stringify(word))];
  const bytes = Buffer.from(word);
  const escaped = word.replace(/[^\x20-\x7e]/g, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  const texts = [
    word,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64(bytes),
    encodeURIComponent(word),
    JSON.stringify(word).slice(1, -1),
    escaped,
  ];
  return [...new Set(texts)].map((text) => Buffer.from(text));
}

/** What is the same whatever stands before and after: the characters made of these bytes alone, in both alphabets. */
function base64(bytes: Buffer): readonly string[] {
  const found: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    const text = padded.toString('base64').slice(first, last);
    found.push(text, text.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return found;
}
