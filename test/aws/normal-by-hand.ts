import type { Row } from '../../ports/warehouse/warehouse.ts';
import { type Base, grouped, head, mean, text, told } from './by-hand.ts';

const DAY_MS = 86_400_000;
const day = (row: Row): number => Date.parse(text(row, 'local_date')) / DAY_MS;
/** 1970-01-01 was a Thursday. */
const week = (row: Row): string => new Date((day(row) - ((day(row) + 3) % 7)) * DAY_MS).toISOString().slice(0, 10);
const sum = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((a, b) => a + b));
const isOf = (other: Row, row: Row, ...columns: readonly string[]): boolean =>
  columns.every((column) => other[column] === row[column]);
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const hourOf = (row: Row): number =>
  new Date(Date.parse(text(row, 'at_utc')) + Number(row['offset_s']) * 1000).getUTCHours();
const wasActive = (row: Row): boolean =>
  Number(row['energy_active_kcal_lag_1']) > Number(row['energy_active_kcal_mean_28']);

/** What the queries about what is usual answer, worked out from the tables without SQL. */
export const normalByHand: Readonly<Record<string, (base: Base) => readonly Row[]>> = {
  readiness: ({ readiness_daily: rows }) =>
    rows.map((row) => {
      const before = rows.filter((one) => {
        const ago = day(row) - day(one);
        return isOf(one, row, 'user_id') && ago >= 1 && ago <= 7;
      });
      return {
        ...head([row], 'user_id', 'local_date', 'readiness'),
        mean_of_7_before: mean(told(before, 'readiness')),
        ...head([row], 'sleep_score', 'hrv_score', 'resting_heart_rate_score', 'load_score', 'reason'),
      };
    }),
  unusual: ({ anomalies }) =>
    anomalies.map((row) => ({
      ...head([row], 'user_id', 'local_date', 'metric', 'severity', 'direction', 'value', 'mean', 'unit'),
      others_that_day: anomalies.filter((one) => isOf(one, row, 'user_id', 'local_date')).length - 1,
      ...head([row], 'sentence'),
    })),
  usual: ({ baselines_daily: rows }) =>
    grouped(
      rows.filter((row) => row['value'] !== null),
      (row) => [row['user_id'], row['metric']],
    )
      .map((of) => of.reduce((newest, row) => (day(row) > day(newest) ? row : newest)))
      .filter((row) => row['mean'] !== null)
      .map((row) => ({
        ...head([row], 'user_id', 'metric', 'local_date', 'value', 'unit'),
        usual_from: Number(row['mean']) - Number(row['sd']),
        usual_to: Number(row['mean']) + Number(row['sd']),
        ...head([row], 'n', 'direction', 'z'),
      })),
  day_after({ features_daily: features, daily_metrics: values }) {
    const valuesOf = (row: Row) => values.filter((one) => isOf(one, row, 'user_id', 'local_date'));
    const judged = features.filter(
      (row) =>
        row['energy_active_kcal_lag_1'] !== null &&
        row['energy_active_kcal_mean_28'] !== null &&
        // A day nothing is known of yet has no values beside it.
        valuesOf(row).length > 0,
    );
    return grouped(judged, (row) => [row['user_id'], wasActive(row)]).map((rows) => {
      const all = rows.flatMap(valuesOf);
      const average = (metric: string) =>
        mean(
          told(
            all.filter((row) => row['metric'] === metric),
            'value',
          ),
        );
      const asleep = average('sleep_total_s');
      return {
        ...head(rows, 'user_id'),
        was_active: wasActive(rows[0] ?? {}),
        days: rows.length,
        hours_asleep: asleep === null ? null : asleep / 3600,
        resting_bpm: average('resting_heart_rate_bpm'),
        hrv_rmssd_ms: average('hrv_rmssd_ms'),
      };
    });
  },
  meals_by_week: ({ meals }) =>
    grouped(meals, (row) => [row['user_id'], week(row), row['meal_kind']]).map((rows) => {
      const days = grouped(rows, (row) => [row['local_date']]);
      const aDay = (column: string) => mean(known(days.map((one) => sum(told(one, column)))));
      return {
        ...head(rows, 'user_id'),
        week_from: week(rows[0] ?? {}),
        ...head(rows, 'meal_kind'),
        days: days.length,
        kcal_a_day: aDay('energy_kcal'),
        protein_g_a_day: aDay('protein_g'),
        carbs_g_a_day: aDay('carbs_g'),
        fat_g_a_day: aDay('fat_g'),
      };
    }),
  scores: ({ scores }) =>
    grouped(scores, (row) => [row['user_id'], week(row), row['name']]).map((rows) => ({
      ...head(rows, 'user_id'),
      week_from: week(rows[0] ?? {}),
      ...head(rows, 'name'),
      days: rows.length,
      mean: mean(told(rows, 'value')),
      least: Math.min(...told(rows, 'value')),
      most: Math.max(...told(rows, 'value')),
      ...head(rows, 'scale_min', 'scale_max'),
    })),
  pulse_by_hour: ({ samples }) =>
    grouped(
      samples.filter((row) => row['metric'] === 'heart_rate_bpm'),
      (row) => [row['user_id']],
    ).flatMap((rows) => {
      const newest = Math.max(...rows.map(day));
      const lately = rows.filter((row) => newest - day(row) < 28 && row['offset_s'] !== null);
      return grouped(lately, (row) => [hourOf(row)]).map((of) => ({
        ...head(of, 'user_id'),
        hour_of_day: hourOf(of[0] ?? {}),
        days: new Set(of.map((row) => row['local_date'])).size,
        n_samples: of.length,
        mean_bpm: mean(told(of, 'value')),
        least_bpm: Math.min(...told(of, 'value')),
        most_bpm: Math.max(...told(of, 'value')),
      }));
    }),
};
