import type { Row } from '../../ports/warehouse/warehouse.ts';

/** All rows of some tables, by name. */
export type Base = Readonly<
  Record<
    | 'daily_metrics'
    | 'daily_candidates'
    | 'workouts'
    | 'sleep_sessions'
    | 'freshness'
    | 'quarantine'
    | 'raw_objects'
    | 'dim_user'
    | 'dim_source'
    | 'dim_activity'
    | 'trends_weekly'
    | 'goals_daily'
    | 'readiness_daily'
    | 'anomalies'
    | 'baselines_daily'
    | 'features_daily'
    | 'meals'
    | 'scores'
    | 'samples',
    readonly Row[]
  >
>;

const DAY_MS = 86_400_000;
export const text = (row: Row, column: string): string => String(row[column]);
const number = (row: Row, column: string): number => Number(row[column]);
const dayNumber = (row: Row): number => Date.parse(text(row, 'local_date')) / DAY_MS;
const iso = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length;
export const told = (rows: readonly Row[], column: string): number[] =>
  rows.flatMap((row) => (row[column] === null ? [] : [number(row, column)]));
export const total = (rows: readonly Row[], column: string): number | null =>
  told(rows, column).length === 0 ? null : sum(told(rows, column));
export const weekday = (row: Row): number => new Date(text(row, 'local_date')).getUTCDay() || 7;
const at = (row: Row, column: string): number => Date.parse(text(row, column));
/** 1970-01-01 was a Thursday. */
const mondayOf = (day: number): number => day - ((day + 3) % 7);

export function grouped(rows: readonly Row[], keyOf: (row: Row) => readonly unknown[]): (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

const of = ({ daily_metrics: rows }: Base, ...metrics: string[]) =>
  rows.filter((row) => metrics.includes(text(row, 'metric')));
export const head = ([first = {}]: readonly Row[], ...columns: string[]): Row =>
  Object.fromEntries(columns.map((column) => [column, first[column] ?? null]));

/** What the queries of the same names answer, in any order, worked out without SQL. */
export const byHand: Readonly<Record<string, (base: Base, nowMs: number) => readonly Row[]>> = {
  steps_by_week(base, nowMs) {
    // What is final three days after its day's end belongs to a day that is over when that is less than three days away.
    const over = of(base, 'steps').filter((row) => at(row, 'final_at') < nowMs + 3 * DAY_MS);
    const weeks = grouped(over, (row) => [row['user_id'], mondayOf(dayNumber(row))]).map((rows) => ({
      ...head(rows, 'user_id'),
      week_from: iso(mondayOf(dayNumber(rows[0] ?? {}))),
      days: rows.length,
      steps_a_day: mean(told(rows, 'value')),
    }));
    return weeks.map((week: Row) => {
      const monday = Date.parse(text(week, 'week_from'));
      const before = weeks.filter((one: Row) => {
        const ago = (monday - Date.parse(text(one, 'week_from'))) / (7 * DAY_MS);
        return one['user_id'] === week['user_id'] && ago >= 1 && ago <= 4;
      });
      return { ...week, four_weeks_before: mean(told(before, 'steps_a_day')) };
    });
  },
  sleep_and_pulse(base) {
    const beside = (night: Row, metric: string) =>
      of(base, metric).find(
        (row) => row['user_id'] === night['user_id'] && row['local_date'] === night['local_date'],
      )?.['value'] ?? null;
    return of(base, 'sleep_total_s').map((night) => ({
      ...head([night], 'user_id', 'local_date'),
      hours_asleep: number(night, 'value') / 3600,
      resting_bpm: beside(night, 'resting_heart_rate_bpm'),
      hrv_rmssd_ms: beside(night, 'hrv_rmssd_ms'),
    }));
  },
  weight_trend(base) {
    const weights = of(base, 'weight_kg');
    return weights.map((today) => {
      // Days ago: 0 to 6, and 28 to 34.
      const between = (least: number, most: number) =>
        told(
          weights.filter((row) => {
            const ago = dayNumber(today) - dayNumber(row);
            return row['user_id'] === today['user_id'] && ago >= least && ago <= most;
          }),
          'value',
        );
      return {
        ...head([today], 'user_id', 'local_date'),
        weight_kg: number(today, 'value'),
        mean_of_7_days: mean(between(0, 6)),
        mean_4_weeks_before: mean(between(28, 34)),
      };
    });
  },
  weekdays(base) {
    return grouped(of(base, 'steps', 'sleep_total_s'), (row) => [row['user_id'], weekday(row)]).map((rows) => {
      const average = (metric: string) =>
        mean(
          told(
            rows.filter((row) => row['metric'] === metric),
            'value',
          ),
        );
      const asleep = average('sleep_total_s');
      return {
        ...head(rows, 'user_id'),
        weekday: weekday(rows[0] ?? {}),
        days: new Set(rows.map((row) => row['local_date'])).size,
        steps: average('steps'),
        hours_asleep: asleep === null ? null : asleep / 3600,
      };
    });
  },
  workouts_by_month: ({ workouts }) =>
    grouped(workouts, (row) => [row['user_id'], text(row, 'local_date').slice(0, 7), row['sport']]).map((rows) => {
      const [elapsed, metres] = [total(rows, 'elapsed_s'), total(rows, 'distance_m')];
      return {
        ...head(rows, 'user_id'),
        month_from: `${text(rows[0] ?? {}, 'local_date').slice(0, 7)}-01`,
        ...head(rows, 'sport'),
        workouts: rows.length,
        hours: elapsed === null ? null : elapsed / 3600,
        km: metres === null ? null : metres / 1000,
        active_kcal: total(rows, 'energy_active_kcal'),
        highest_bpm: told(rows, 'hr_max_bpm').length === 0 ? null : Math.max(...told(rows, 'hr_max_bpm')),
      };
    }),
  gaps: (base) =>
    grouped(of(base, 'steps', 'sleep_total_s', 'resting_heart_rate_bpm', 'weight_kg'), (row) => [
      row['user_id'],
      row['metric'],
    ]).flatMap((rows) => {
      const days = rows.map(dayNumber).toSorted((a, b) => a - b);
      return days.slice(1).flatMap((day, i) => {
        const last = days[i] ?? day;
        const gap = { last_day: iso(last), next_day: iso(day), days_without: day - last - 1 };
        return gap.days_without > 0 ? [{ ...head(rows, 'user_id', 'metric'), ...gap }] : [];
      });
    }),
  nights_by_device({ sleep_sessions: sleeps }) {
    const nights = sleeps.filter((row) => row['is_nap'] !== true);
    return grouped(nights, (row) => [row['user_id'], row['local_date']]).flatMap((rows) => {
      const began = Math.min(...rows.map((row) => at(row, 'start_utc')));
      const ended = Math.max(...rows.map((row) => at(row, 'end_utc')));
      return rows.map((row) => ({
        ...head([row], 'user_id', 'local_date', 'provider', 'device', 'is_main'),
        hours_asleep: row['asleep_s'] === null ? null : number(row, 'asleep_s') / 3600,
        night_pct: (100 * (at(row, 'end_utc') - at(row, 'start_utc'))) / (ended - began),
      }));
    });
  },
  sources: ({ daily_candidates: rows }) =>
    grouped(rows, (row) => [row['user_id'], row['metric'], row['source']]).map((group) => ({
      ...head(group, 'user_id', 'metric', 'source'),
      days_told: group.length,
      days_counted: told(group, 'counted').length,
      days_first: group.filter((row) => row['is_winner'] === true).length,
    })),
  newest_day({ daily_metrics: values, daily_candidates: candidates }) {
    return grouped(values, (row) => [row['user_id']]).flatMap((rows) => {
      const newest = rows
        .map((row) => text(row, 'local_date'))
        .toSorted()
        .at(-1);
      return rows.flatMap((value) => {
        const said = candidates.filter((one) =>
          ['user_id', 'local_date', 'metric'].every((column) => one[column] === value[column]),
        );
        return (value['local_date'] === newest ? said : []).map((one) => ({
          ...head([value], 'user_id', 'local_date', 'metric', 'value', 'unit'),
          ...head([one], 'rank', 'source'),
          said: one['value'] ?? null,
          counted: one['counted'] ?? null,
        }));
      });
    });
  },
  late: ({ freshness }, nowMs) =>
    freshness
      .filter(
        (row) =>
          row['cause'] !== null ||
          (row['expected_by'] !== null && Date.parse(text(row, 'expected_by')) < nowMs && row['by_hand'] === null),
      )
      .map((row) =>
        head([row], 'user_id', 'provider', 'metric', 'state', 'last_day', 'expected_by', 'cause', 'cause_at', 'remedy'),
      ),
  refused: ({ quarantine }) =>
    grouped(quarantine, (row) => ['provider', 'type', 'rule', 'detail'].map((column) => row[column])).map((rows) => {
      const seen = rows.map((row) => text(row, 'first_seen')).toSorted();
      const keys = rows.map((row) => text(row, 'raw_key')).toSorted();
      return {
        ...head(rows, 'provider', 'type', 'rule', 'detail'),
        n: rows.length,
        n_objects: new Set(keys).size,
        first_seen: seen[0] ?? null,
        last_seen: seen.at(-1) ?? null,
        example: keys[0] ?? null,
      };
    }),
  deliveries: ({ raw_objects: rows }) =>
    grouped(rows, (row) => [text(row, 'received_at').slice(0, 10), row['provider'], row['receiver'], row['state']]).map(
      (group) => ({
        received_on: text(group[0] ?? {}, 'received_at').slice(0, 10),
        ...head(group, 'provider', 'receiver', 'state'),
        n_objects: group.length,
        n_records: total(group, 'n_records'),
        n_ignored: total(group, 'n_ignored'),
        n_bytes: total(group, 'bytes'),
      }),
    ),
  trends: ({ trends_weekly: weeks }) =>
    grouped(weeks, (row) => [row['user_id']]).flatMap((rows) => {
      const newest = Math.max(...rows.map((row) => at(row, 'week')));
      return rows
        .filter(
          (row) => newest - at(row, 'week') < 28 * DAY_MS && ['rising', 'falling'].includes(text(row, 'direction')),
        )
        .map((row) => ({
          ...head([row], 'user_id', 'week', 'metric', 'direction', 'mean', 'unit'),
          slope_a_week: number(row, 'slope_per_day') * 7,
          ...head([row], 'change', 'change_pct', 'sentence'),
        }));
    }),
  goals: ({ goals_daily: days }) =>
    grouped(days, (row) => [row['user_id'], text(row, 'local_date').slice(0, 7), row['goal']]).map((rows) => ({
      ...head(rows, 'user_id'),
      month_from: `${text(rows[0] ?? {}, 'local_date').slice(0, 7)}-01`,
      ...head(rows, 'goal'),
      days: rows.length,
      days_met: rows.filter((row) => row['met'] === true).length,
      longest_row: Math.max(...told(rows, 'streak')),
      least_target: Math.min(...told(rows, 'target')),
      most_target: Math.max(...told(rows, 'target')),
    })),
};
