/** What of a text falls into a trap. */
export type Finder = (sql: string) => readonly string[];

/** What one engine refuses, or both read differently. */
export interface Trap {
  readonly trap: string;
  /** Looked for in the text without its comments, of its literals only the quotes left (`bare`), unless `inLiterals`. */
  readonly pattern: RegExp | Finder;
  readonly inLiterals?: true;
  /** Texts that fall into it. */
  readonly wrong: string | readonly string[];
  /** What says the same on both engines and falls into none. */
  readonly right: string;
}

/** These words, alone. */
export const word = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`, 'i');

/** These functions, called. */
export const call = (names: string): RegExp => new RegExp(`\\b(?:${names})\\s*\\(`, 'i');

/** Blanks and line ends as one blank each, so that a text is the same however it is broken into lines. */
export const plain = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim();

/** From an opening bracket to what closes it. */
export function bracketed(sql: string, from: number): string {
  let depth = 0;
  for (let at = from; at < sql.length; at += 1) {
    if (sql[at] === '(') depth += 1;
    if (sql[at] === ')') depth -= 1;
    if (depth === 0) return sql.slice(from, at + 1);
  }
  return sql.slice(from);
}

/** What commas part, outside brackets and quotes. */
export function parted(list: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  let isQuoted = false;
  for (const sign of list) {
    if (sign === "'") isQuoted = !isQuoted;
    if (!isQuoted && sign === '(') depth += 1;
    if (!isQuoted && sign === ')') depth -= 1;
    if (!isQuoted && depth === 0 && sign === ',') parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map(plain);
}

/** A call with its arguments, and the text on either side of it. */
export interface Call {
  readonly text: string;
  readonly args: readonly string[];
  readonly before: string;
  readonly after: string;
}

/** Every call of these functions, brackets in brackets included. */
export function calls(sql: string, names: string): readonly Call[] {
  return [...sql.matchAll(new RegExp(`\\b(?:${names})\\s*(?=\\()`, 'gi'))].map((match) => {
    const from = match.index + match[0].length;
    const list = bracketed(sql, from);
    const end = from + list.length;
    return {
      text: plain(sql.slice(match.index, end)),
      args: parted(list.slice(1, -1)),
      before: sql.slice(0, match.index),
      after: sql.slice(end),
    };
  });
}

/** Calls of these functions that are such. */
export const called =
  (names: string, isTrap: (call: Call) => boolean): Finder =>
  (sql) =>
    calls(sql, names)
      .filter(isTrap)
      .map(({ text }) => text);

/** Casts to these types of what is such. */
export const castTo = (names: string, types: string, isTrap: (argument: string) => boolean = () => true): Finder =>
  called(names, ({ args }) => {
    const cast = new RegExp(`^(.*) as (?:${types})$`, 'i').exec(args.join(', '));
    return cast !== null && isTrap(cast[1] ?? '');
  });
