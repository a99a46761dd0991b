import { WellspringError } from '../errors.ts';
import { type Metric, metrics } from '../metrics.ts';

export const DIRECTIONS = ['at_least', 'at_most'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** `7h`, `7h30`, `7 h 30 min`, `45min`. */
const DURATION = /^(?:(\d+(?:\.\d+)?) ?h)? ?(?:(\d+)(?: ?m(?:in)?)?)?$/;

/**
 * A target as a person writes it, in the canonical unit of the metric, which may stand behind it; of what lasts, hours and minutes (`7h30`) as well.
 * Throws `unknown_metric`, `bad_target`.
 */
export function readTarget(metric: string, text: string): number {
  const about = knownMetric(metric);
  const plain = text.trim();
  // A unit may look like a digit (`1`): a number without one is read first.
  const bare = plain.endsWith(about.unit) ? plain.slice(0, -about.unit.length) : plain;
  const number = [plain, bare.trim()].find((one) => /^[-+]?\d+(\.\d+)?$/.test(one));
  if (number !== undefined) return checkedTarget(metric, Number(number));
  const [, hours, minutes] = DURATION.exec(plain) ?? [];
  if (about.unit === 's' && (hours ?? minutes) !== undefined)
    return checkedTarget(metric, Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60);
  throw badTarget(about);
}

/** A target that some day can have; throws `unknown_metric`, `bad_target`. */
export function checkedTarget(metric: string, target: number): number {
  const about = knownMetric(metric);
  if (target >= about.min && target <= about.max) return target;
  throw badTarget(about);
}

function knownMetric(id: string): Metric {
  const found = metrics().get(id);
  if (found !== undefined) return found;
  throw new WellspringError({
    code: 'unknown_metric',
    message: `There is no metric "${id}".`,
    remedy: `Name one of: ${[...metrics().keys()].join(', ')}.`,
    status: 400,
    exit: 2,
  });
}

function badTarget({ metric, title, unit, min, max }: Metric): WellspringError {
  const also = unit === 's' ? ', in seconds or as 7h30' : unit === 'count' || unit === '1' ? '' : ` ${unit}`;
  return new WellspringError({
    code: 'bad_target',
    message: `That can be no target for ${title.toLowerCase()} (${metric}).`,
    remedy: `Give a number from ${min} to ${max}${also}.`,
    status: 400,
    exit: 2,
  });
}
