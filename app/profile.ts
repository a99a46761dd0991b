import * as z from 'zod';
import { WellspringError } from './errors.ts';

const usage = (code: string, message: string, remedy: string): WellspringError =>
  new WellspringError({ code, message, remedy, status: 400, exit: 2 });

/** A name as it is kept: composed, trimmed, 1 to 100 characters in one line, and not mistakable for an id; else `bad_name`. */
export function checkedName(text: string): string {
  const name = text.normalize('NFC').trim();
  const tame = name.length > 0 && name.length <= 100 && !/\p{Cc}/u.test(name) && !/^u_[a-z2-7]{12}$/.test(name);
  if (tame) return name;
  throw usage('bad_name', 'That cannot be a name.', 'A name is 1 to 100 characters in one line, and not an id.');
}

/** A mail address, else `bad_email`; null, for none, is one too. */
export function checkedEmail(text: string | null): string | null {
  if (text === null) return null;
  const parsed = z.email().safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw usage('bad_email', 'That is no mail address.', 'Write it as name@example.org.');
}

/** Orders of providers by metric as they may be kept; a name that is none of ours spells `bad_priority`. */
export function checkedPriority(
  priority: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const word = /^[a-z][a-z0-9_]*$/;
  for (const [metric, order] of Object.entries(priority)) {
    if ([metric, ...order].every((name) => word.test(name)) && new Set(order).size === order.length) continue;
    throw usage(
      'bad_priority',
      `The order for "${metric}" cannot be read.`,
      'Write it as --priority steps=garmin,apple.',
    );
  }
  return priority;
}
