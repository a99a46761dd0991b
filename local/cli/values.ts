import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

/** A day that exists, `YYYY-MM-DD`; 2026-02-30 is refused with exit 2. */
export function day(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be a day that exists, such as 2026-03-01.');
}

/** A day or an instant with its offset (`2026-03-01T08:00:00+01:00`) as Unix ms; a bare day begins at midnight UTC. */
export function instant(text: string): number {
  if (z.iso.date().safeParse(text).success || z.iso.datetime({ offset: true }).safeParse(text).success)
    return Date.parse(text);
  throw new InvalidArgumentError('It must be a day or an instant such as 2026-03-01T08:00:00+01:00.');
}

/** A whole number of at least `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  };
}

/** `steps=garmin,apple`, collected over repeated options into one order per metric; `steps=` clears it. */
export function priority(
  text: string,
  before: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, readonly string[]>> {
  const [, metric, list] = /^([a-z0-9_]+)=([a-z0-9_,]*)$/.exec(text) ?? [];
  if (metric === undefined || list === undefined)
    throw new InvalidArgumentError('It must look like steps=garmin,apple.');
  return { ...before, [metric]: list.split(',').filter((name) => name !== '') };
}

/** `goal_met,silence`, or `none`; what the words may be is said where they are kept. */
export function alerts(text: string): readonly string[] {
  return text === 'none' ? [] : text.split(',').map((kind) => kind.trim());
}
