/** What a rule finds in a model that is no trap there, and why. */
export interface Exception {
  readonly trap: string;
  readonly why: string;
  /** As the rule finds it, by model. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    trap: 'a division by what may be 0',
    why: 'a seed says it, and none says 0',
    texts: {
      measure_numbers: ['/ u.divide_n'],
      readiness_daily: ['/ (weights * 1e0)'],
      trend_days: ['/ max_n'],
      trend_sentences: ['/ divide'],
    },
  },
  {
    trap: 'a division by what may be 0',
    why: '1, 10 or 100, by the digits a metric is shown with',
    texts: { outlier_texts: ['/ (steps_a_unit * 1e0)'], trend_sentences: ['/ steps_in_one'] },
  },
  {
    trap: 'a division by what may be 0',
    why: 'a group has rows; where none of them is a number their sum is null, and so is what null is divided by',
    texts: {
      apple_workout_numbers: ['/ n_numbers'],
      candidates_night: ['/ n_observations'],
      trend_lines: ['/ n_days'],
    },
  },
  {
    trap: 'a division by what may be 0',
    why: 'days of a fortnight are not all the same',
    texts: { trend_lines: ['/ across'] },
  },
  {
    trap: 'a division by what may be 0',
    why: 'what has no length is not cut: it is inside whole or not at all',
    texts: { interval_days: ['/ (end_s - start_s)'], interval_inside: ['/ (end_s - start_s)'] },
  },
  {
    trap: 'a division by what may be 0',
    why: 'of a day its zone leaves out `least` says 100, of infinity and of null',
    texts: { daily_metrics: ['/ (d.day_end_s - d.day_start_s)'] },
  },
  {
    trap: 'a division by what may be 0',
    why: 'the rows beside it are those above 0; a height is one that can be',
    texts: { apple_sleep_numbers: ['/ sleep_in_bed_s'], candidates_derived: ['/ (height_m * height_m)'] },
  },
  {
    trap: 'lists of dates',
    why: 'numbers of days, cast to bigint just before',
    texts: { interval_days: ['sequence(first_day, last_day)'] },
  },
  {
    trap: 'a date from a text of any form',
    why: 'its form is asked for beside it or before: ten characters, four digits first',
    texts: {
      record_moments: ['try_cast(covered_date as date)'],
      stg_apple__times: ['try_cast(date_text as date)'],
      stg_oura__times: ['try_cast(substring(text, 1, 10) as date)'],
    },
  },
  {
    trap: 'JSON numbers compared as text',
    why: 'a code of Withings: a small whole number is the same text on both engines',
    texts: {
      raw_objects: [
        "get_json_object(r.carried, '$.category') <> '1'",
        "coalesce(get_json_object(r.record, '$.state'), '') not in ('0'",
      ],
      stg_withings__activities: ["coalesce(get_json_object(record, '$.brand'), '1') <> '1'"],
      stg_withings__groups: [
        "coalesce(get_json_object(record, '$.category'), '1') = '1'",
        "coalesce(get_json_object(record, '$.attrib'), '') = '1'",
      ],
      stg_withings__measures: ["coalesce(get_json_object(carried, '$.category'), '1') = '1'"],
      stg_withings__workouts: ["get_json_object(record, '$.attrib') in ('2'"],
    },
  },
  {
    trap: 'a row number in an order of equals',
    why: 'no two zones of a person begin in one second, and no two profiles: the later statement hides the earlier',
    texts: {
      dim_user: ['(partition by user_id, valid_from order by at_ms desc)'],
      freshness: ['(partition by r.user_id, r.provider, r.metric order by z.from_s desc)'],
      local_days: ['(partition by d.user_id, d.local_date order by z.from_s desc)'],
      user_zones: ['(partition by user_id order by since_s)'],
      week_ends: ['(partition by w.user_id, w.week order by z.from_s desc)'],
    },
  },
  {
    trap: 'a row number in an order of equals',
    why: 'facts of a person are of one account, which numbers them',
    texts: {
      user_priorities: ['(partition by user_id, said_date order by effective_ms desc, sequence_n desc)'],
      user_units: ['(partition by user_id order by effective_ms desc, sequence_n desc)'],
      user_zones: ['(partition by user_id order by effective_ms, sequence_n)'],
    },
  },
  {
    trap: 'a row number in an order of equals',
    why: 'one row a day',
    texts: {
      goals_daily: [
        '(partition by user_id, goal, met order by local_date)',
        '(partition by user_id, goal, met, together order by local_date)',
      ],
      metric_rhythms: ['(partition by user_id, provider, metric order by local_date desc)'],
      user_priorities: ['(partition by user_id, metric order by said_date)'],
    },
  },
  {
    trap: 'a row number in an order of equals',
    why: 'by a row number of the same rows or of more',
    texts: {
      night_points: [
        '(partition by user_id, local_date, provider, account order by case when is_main then 0 else 1 end, length_rank)',
      ],
      record_versions: ['(partition by user_id, account, type, entity, key order by age desc)'],
      sleep_ranks: [
        "(partition by l.user_id, l.local_date, l.provider, l.account, coalesce(l.device, '') order by case when r.choice = 1 then 0 else 1 end, l.length_rank)",
      ],
    },
  },
  {
    trap: 'a row number in an order of equals',
    why: 'by a place a seed gives once; and rows of one time and rule are one row to who reads on',
    texts: {
      metric_refusals: ['(partition by user_id, provider, metric order by received_ms, rule)'],
      outliers: ['(partition by b.user_id, b.local_date, b.metric order by s.least_z desc)'],
      readiness_components: [
        "(partition by user_id, local_date, component order by case when score is not null then 0 when lacks <> '' then 1 else 2 end, rank)",
      ],
    },
  },
  {
    trap: 'a fraction cut to an integer',
    why: 'a seed says it, and in whole numbers',
    texts: {
      candidates_measured: ['cast(try_cast(rank as double) as int)'],
      candidates_night: ['cast(try_cast(rank as double) as int)'],
      candidates_summed: ['cast(try_cast(rank as double) as int)'],
      dim_source: ['cast(try_cast(rank as double) as int)'],
      measure_fields: ['cast(try_cast(place as double) as int)'],
      sleep_ranks: ['cast(try_cast(rank as double) as int)'],
      source_days: ['cast(try_cast(rank as double) as int)'],
      trend_sentences: ['cast(try_cast(decimals as double) as int)'],
    },
  },
  {
    trap: 'a fraction cut to an integer',
    why: '1e0, 10e0 or 100e0',
    texts: { trend_sentences: ['cast(digits as bigint)'] },
  },
];
