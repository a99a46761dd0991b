import { InvalidArgumentError } from 'commander';

/** A whole number above 0, as commander reads an option. */
export function whole(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It is not a whole number above 0.');
}
