// Snapshot ids have 63 bits and JSON.parse would round them: whole numbers of 16 digits and more are bigints in between.
const MARK = '\u0000';
const NUMBER_OR_TEXT = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g;
const MARKED = /"\\u0000(-?\d+)"/g;

/** Reads JSON; whole numbers of at least 16 digits are bigints. */
export function parseJson(text: string): unknown {
  const marked = text.replace(NUMBER_OR_TEXT, (found) => (found.startsWith('"') ? found : `"\\u0000${found}"`));
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(1)) : value,
  );
}

/** Writes JSON; bigints are numbers in it. */
export function printJson(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${MARK}${one}` : one));
  return text.replace(MARKED, '$1');
}
