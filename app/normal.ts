import type { Row } from '../ports/warehouse/warehouse.ts';
import { numberOf } from './cells.ts';

/** The days a person's own normal is made from: those before the day, the day itself left out (`baselines_daily`). */
export const NORMAL_DAYS = 28;

/** Fewer days than this say nothing about what is usual. */
export const ENOUGH_DAYS = 14;

/** Mean, sample standard deviation and number of days. */
export interface Normal {
  readonly mean: number;
  readonly sd: number;
  readonly n: number;
}

/** Where a value stands against the person's own band of mean ± one standard deviation. */
export interface Standing {
  readonly place: (typeof PLACES)[number];
  /** Standard deviations from the mean; null when all days were equal. */
  readonly z: number | null;
}

/** What is usual of a metric on a day, and where the day's value stands. */
export interface Baseline {
  /** How many of the days before have a value. */
  readonly known: number;
  /** Undefined while too few have. */
  readonly normal: Normal | undefined;
  /** Undefined without a normal or a value. */
  readonly standing: Standing | undefined;
}

const PLACES = ['below', 'usual', 'above'] as const;

/** A row of `baselines_daily` as pages use it; without a row nothing is known. */
export function baselineOf(row: Row | undefined): Baseline {
  const [known, mean, sd] = [numberOf(row?.['n']) ?? 0, numberOf(row?.['mean']), numberOf(row?.['sd'])];
  const place = PLACES.find((one) => one === row?.['direction']);
  return {
    known,
    normal: mean === null || sd === null ? undefined : { mean, sd, n: known },
    standing: place && { place, z: numberOf(row?.['z']) },
  };
}
