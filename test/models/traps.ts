import { CONDITIONS } from './traps/conditions.ts';
import { JSON_TEXTS } from './traps/json.ts';
import { NUMBERS } from './traps/numbers.ts';
import { ROWS } from './traps/rows.ts';
import { STATEMENTS } from './traps/statements.ts';
import { TEXTS } from './traps/texts.ts';
import { TIMES } from './traps/times.ts';
import type { Trap } from './traps/trap.ts';

/** All there are. What no pattern tells (the type of a column, whether an order is total) the comparison of both engines finds. */
export const TRAPS: readonly Trap[] = [
  ...STATEMENTS,
  ...ROWS,
  ...JSON_TEXTS,
  ...NUMBERS,
  ...CONDITIONS,
  ...TIMES,
  ...TEXTS,
];

/** The traps a text falls into. */
export function trapsIn(sql: string): readonly string[] {
  const whole = sql.replaceAll(/--.*$/gm, '');
  // From left to right, so that quotes are paired as an engine pairs them.
  const bare = whole.replaceAll(/'[^']*'/g, "''");
  return TRAPS.filter(({ pattern, inLiterals }) => pattern.test(inLiterals === true ? whole : bare)).map(
    ({ trap }) => trap,
  );
}
