import { bracketed, type Finder, plain } from './trap.ts';

/** What stands after a slash: a bracket, a call, a number or a name. */
function divisor(sql: string, at: number): string {
  const from = at + (/^\s*/.exec(sql.slice(at))?.[0].length ?? 0);
  const start = /^[\w.]*/.exec(sql.slice(from))?.[0] ?? '';
  const end = from + start.length;
  return plain(sql[end] === '(' ? start + bracketed(sql, end) : start);
}

/** The condition a `then` stands behind, when nothing between it and the place ends it. */
function condition(before: string): string {
  const then = before.lastIndexOf(' then ');
  if (then < 0 || /\b(?:when|else|end|from|where)\b/i.test(before.slice(then))) return '';
  return before.slice(before.lastIndexOf('when ', then), then);
}

/** A number that is none of 0, what null stands for where it is 0, or names each said to be more than 0 just before. */
function isSafe(text: string, before: string): boolean {
  if (/^(?:\d|nullif\(|power\(10e0,)/i.test(text)) return !/^0(?:e0)?$/.test(text);
  const said = condition(before);
  const names = text.match(/(?<![\w.])[a-z_][\w.]*(?![\w.(])/gi) ?? [];
  return (
    names.length > 0 &&
    names.every((name) => new RegExp(`(?<![\\w.])${name} (?:>=? [1-9]|> 0(?:e0)?\\b(?!\\.)|<> 0)`).test(said))
  );
}

/** What is divided by and may be 0. */
export const divided: Finder = (sql) =>
  [...sql.matchAll(/(?<![*/])\/(?![*/])/g)].flatMap(({ index }) => {
    const text = divisor(sql, index + 1);
    return isSafe(text, plain(sql.slice(0, index)) + ' ') ? [] : [`/ ${text}`];
  });
