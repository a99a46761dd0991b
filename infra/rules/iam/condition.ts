import { fits, fitsArn } from './wildcard.ts';

/** What is known about a call beside who, what and where; keys as IAM names them, in any case. Several values: a set. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

type Compare = (wanted: string, given: string) => boolean;

const number =
  (compare: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    compare(Number(given), Number(wanted));
const bool: Compare = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();

/** The operators that look for one fitting value, and their opposites (all must differ). */
const OPERATORS: Readonly<Record<string, Compare>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: bool,
  StringLike: fits,
  ArnEquals: fitsArn,
  ArnLike: fitsArn,
  Bool: bool,
  NumericEquals: number((given, wanted) => given === wanted),
  NumericLessThan: number((given, wanted) => given < wanted),
  NumericLessThanEquals: number((given, wanted) => given <= wanted),
  NumericGreaterThan: number((given, wanted) => given > wanted),
  NumericGreaterThanEquals: number((given, wanted) => given >= wanted),
};
const OPPOSITES: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/**
 * Whether every condition of a statement holds. Several operators and keys: all; several values of a key: one. A key the call does not
 * have fails, but not with an opposite, with `…IfExists` or with `ForAllValues`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function holds(
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: Context,
): boolean {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => one(operator, wanted, known.get(key.toLowerCase()))),
  );
}

function one(written: string, wanted: readonly string[], given: readonly string[] | undefined): boolean {
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(written) ?? [];
  if (name === 'Null') return wanted.some((value) => bool(value, String(given === undefined)));
  const opposite = OPPOSITES[name];
  const compare = OPERATORS[opposite ?? name];
  if (compare === undefined) throw new Error(`The condition operator ${written} is not one that is judged here.`);
  if (wanted.some((value) => value.includes('${')))
    throw new Error(`Variables in conditions are not judged here: ${wanted.join()}.`);
  if (given === undefined)
    return ifExists !== undefined || set === 'ForAllValues' || (opposite !== undefined && set === undefined);
  const fitting = (value: string): boolean => wanted.some((want) => compare(want, value)) === (opposite === undefined);
  if (set === 'ForAllValues') return given.every(fitting);
  // Without a set operator a call has one value; an opposite must hold for all there are.
  return opposite !== undefined && set === undefined ? given.every(fitting) : given.some(fitting);
}
