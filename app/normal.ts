/** The days a person's own normal is made from: those before the day, the day itself left out. */
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
  readonly place: 'below' | 'usual' | 'above';
  /** Standard deviations from the mean; null when all days were equal. */
  readonly z: number | null;
}

/** The normal of the days that have a value; undefined with fewer than 14. */
export function normalOf(values: readonly (number | null)[]): Normal | undefined {
  const known = values.filter((value) => value !== null);
  const n = known.length;
  if (n < ENOUGH_DAYS) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (n - 1)), n };
}

/** Compares a value with the band; the band's edges are usual. */
export function standing(value: number, normal: Normal): Standing {
  const distance = value - normal.mean;
  const place = Math.abs(distance) <= normal.sd ? 'usual' : distance < 0 ? 'below' : 'above';
  return { place, z: normal.sd === 0 ? null : distance / normal.sd };
}
