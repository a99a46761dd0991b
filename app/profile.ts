import * as z from 'zod';
import { findProvider } from '../providers/index.ts';
import { WellspringError } from './errors.ts';
import { metrics } from './metrics.ts';

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

/** Orders of providers by metric as they may be kept; a metric or a provider we do not know spells `bad_priority`. */
export function checkedPriority(
  priority: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  for (const [metric, order] of Object.entries(priority)) {
    const stranger = metrics().has(metric) ? order.find((id) => findProvider(id) === undefined) : metric;
    if (stranger === undefined && new Set(order).size === order.length) continue;
    throw usage(
      'bad_priority',
      stranger === undefined
        ? `The order for "${metric}" names a provider twice.`
        : `The order for "${metric}" cannot be read: there is no "${stranger}".`,
      'Write it as --priority steps=garmin,apple.',
    );
  }
  return priority;
}
