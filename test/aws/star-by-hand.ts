import { metrics } from '../../app/metrics.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { type Base, grouped, head, mean, text, told, total, weekday } from './by-hand.ts';

/** The values of one metric among some days. */
const valuesOf = (rows: readonly Row[], metric: string): number[] =>
  told(
    rows.filter((row) => row['metric'] === metric),
    'value',
  );
const hours = (seconds: number | null): number | null => (seconds === null ? null : seconds / 3600);
const daysOf = (rows: readonly Row[]): number => new Set(rows.map((row) => row['local_date'])).size;
const first = (rows: readonly Row[]) => rows.map((row) => text(row, 'local_date')).toSorted()[0] ?? null;
const last = (rows: readonly Row[]) =>
  rows
    .map((row) => text(row, 'local_date'))
    .toSorted()
    .at(-1) ?? null;
const quarter = (row: Row): number => Math.ceil(Number(text(row, 'local_date').slice(5, 7)) / 3);

/** What the queries of the star answer, worked out from the tables it is made of and the calendar of the language. */
export const starByHand: Readonly<Record<string, (base: Base) => readonly Row[]>> = {
  days_side_by_side: ({ daily_metrics: values }) =>
    grouped(values, (row) => [row['user_id'], row['local_date']]).map((rows) => ({
      ...head(rows, 'user_id', 'local_date'),
      weekday: weekday(rows[0] ?? {}),
      steps: mean(valuesOf(rows, 'steps')),
      hours_asleep: hours(mean(valuesOf(rows, 'sleep_total_s'))),
      resting_heart_rate_bpm: mean(valuesOf(rows, 'resting_heart_rate_bpm')),
      weight_kg: mean(valuesOf(rows, 'weight_kg')),
    })),
  weekends: ({ daily_metrics: values }) =>
    grouped(values, (row) => [row['user_id'], weekday(row) > 5]).map((rows) => ({
      ...head(rows, 'user_id'),
      is_weekend: weekday(rows[0] ?? {}) > 5,
      days: daysOf(rows),
      steps: mean(valuesOf(rows, 'steps')),
      hours_asleep: hours(mean(valuesOf(rows, 'sleep_total_s'))),
      active_kcal: mean(valuesOf(rows, 'energy_active_kcal')),
    })),
  training_by_quarter({ workouts, dim_activity: sports }) {
    const groupOf = (row: Row) => sports.find((one) => one['sport'] === row['sport'])?.['sport_group'] ?? null;
    return grouped(workouts, (row) => [
      row['user_id'],
      text(row, 'local_date').slice(0, 4),
      quarter(row),
      groupOf(row),
    ]).map((rows) => ({
      ...head(rows, 'user_id'),
      year: Number(text(rows[0] ?? {}, 'local_date').slice(0, 4)),
      quarter: quarter(rows[0] ?? {}),
      sport_group: groupOf(rows[0] ?? {}),
      workouts: rows.length,
      hours: hours(total(rows, 'elapsed_s')),
    }));
  },
  zones({ daily_metrics: values, dim_user: people }) {
    const zoneOf = (row: Row) =>
      people.find(
        (one) =>
          one['user_id'] === row['user_id'] &&
          text(one, 'valid_from') <= text(row, 'local_date') &&
          text(row, 'local_date') <= text(one, 'valid_to'),
      )?.['zone'] ?? null;
    return grouped(values, (row) => [row['user_id'], zoneOf(row)]).map((rows) => ({
      ...head(rows, 'user_id'),
      zone: zoneOf(rows[0] ?? {}),
      days: daysOf(rows),
      first_day: first(rows),
      last_day: last(rows),
      hours_asleep: hours(mean(valuesOf(rows, 'sleep_total_s'))),
    }));
  },
  measured: ({ daily_metrics: values }) =>
    grouped(values, (row) => [row['user_id'], row['metric']]).map((rows) => ({
      ...head(rows, 'user_id'),
      title: metrics().get(text(rows[0] ?? {}, 'metric'))?.title ?? null,
      ...head(rows, 'unit'),
      days: rows.length,
      first_day: first(rows),
      last_day: last(rows),
    })),
  devices: ({ daily_metrics: values, dim_source: sources }) =>
    grouped(sources, (row) => [row['user_id'], row['source'], row['source_type']]).map((rows) => {
      const [source = {}] = rows;
      const won = values.filter(
        (row) => row['user_id'] === source['user_id'] && row['winner_source'] === source['source'],
      );
      return {
        ...head(rows, 'user_id', 'source', 'source_type'),
        metrics: new Set(won.map((row) => row['metric'])).size,
        days_first: daysOf(won),
        last_day: last(won),
      };
    }),
};
