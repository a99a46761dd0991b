import { CONDITIONS } from './traps/conditions.ts';
import { EXCEPTIONS } from './traps/exceptions.ts';
import { JSON_TEXTS } from './traps/json.ts';
import { NUMBERS } from './traps/numbers.ts';
import { ROWS } from './traps/rows.ts';
import { STATEMENTS } from './traps/statements.ts';
import { TEXTS } from './traps/texts.ts';
import { TIMES } from './traps/times.ts';
import type { Trap } from './traps/trap.ts';

/** All a text tells. What only the type of a column does is in `traps/typed.ts`; the rest the comparison of both engines finds. */
export const TRAPS: readonly Trap[] = [
  ...STATEMENTS,
  ...ROWS,
  ...JSON_TEXTS,
  ...NUMBERS,
  ...CONDITIONS,
  ...TIMES,
  ...TEXTS,
];

/** A trap, and what of the text falls into it. */
export interface Found {
  readonly trap: string;
  readonly text: string;
}

const isStated = (model: string, { trap, text }: Found): boolean =>
  EXCEPTIONS.some((one) => one.trap === trap && one.texts[model]?.includes(text) === true);

/** Without what is stated to be no trap in this model. */
export const unless = (found: readonly Found[], model: string): readonly Found[] =>
  found.filter((one) => !isStated(model, one));

/** What of a text falls into a trap. */
export function trapsIn(sql: string): readonly Found[] {
  const whole = sql.replaceAll(/--.*$/gm, '');
  // From left to right, so that quotes are paired as an engine pairs them.
  const bare = whole.replaceAll(/'[^']*'/g, "''");
  return TRAPS.flatMap(({ trap, pattern, inLiterals }) => {
    const text = inLiterals === true ? whole : bare;
    const found = pattern instanceof RegExp ? (pattern.exec(text)?.slice(0, 1) ?? []) : pattern(text);
    return found.map((one) => ({ trap, text: one }));
  });
}
