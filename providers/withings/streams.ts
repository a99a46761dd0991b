import * as z from 'zod';
import type { ApiRequest } from '../kit/api.ts';
import type { Stream } from '../kit/collect.ts';

export const API = 'https://wbsapi.withings.net';

/** What models/fields.csv has a metric for (types of getmeas). */
const MEASURES = '1,4,5,6,8,9,10,11,12,54,71,73,76,77,88,91,123,155,170,226';

/** Metrics of the body: the view `GET /withings/weight`. */
export const BODY = words(
  'weight_kg height_m bmi_kg_m2 body_fat_pct fat_mass_kg lean_mass_kg muscle_mass_kg bone_mass_kg body_water_kg ' +
    'visceral_fat_index basal_metabolic_rate_kcal_d',
);
const VITALS = words(
  'bp_systolic_mmhg bp_diastolic_mmhg heart_rate_bpm spo2_pct body_temperature_c skin_temperature_c vo2max_ml_kg_min ' +
    'pulse_wave_velocity_m_s vascular_age_y',
);
const MOVED = words('steps distance_m floors_climbed energy_active_kcal');
const STAGES = words('sleep_total_s sleep_deep_s sleep_light_s sleep_rem_s sleep_awake_s');

const ZONES = 'hr_average,hr_min,hr_max,hr_zone_0,hr_zone_1,hr_zone_2,hr_zone_3';

/** One thing to ask for; `fields`: without `data_fields` an answer leaves out heart rate, respiration and scores. */
type Asked = Pick<Stream, 'type' | 'title' | 'scope' | 'metrics' | 'windowDays'> & {
  readonly path: string;
  readonly action: string;
  readonly by: 'instants' | 'dates';
  readonly fields: Readonly<Record<string, string>>;
};

const ASKED: readonly Asked[] = [
  {
    type: 'getmeas',
    title: 'weight, body composition, blood pressure and temperature',
    scope: 'user.metrics',
    metrics: [...BODY, ...VITALS],
    windowDays: 365,
    path: '/measure',
    action: 'getmeas',
    by: 'instants',
    // Category 2 is goals.
    fields: { meastypes: MEASURES, category: '1' },
  },
  {
    type: 'getactivity',
    title: 'days of activity',
    scope: 'user.activity',
    metrics: [
      ...MOVED,
      ...words('energy_total_kcal active_time_s intensity_moderate_s intensity_vigorous_s'),
      ...words('heart_rate_bpm heart_rate_max_24h_bpm'),
    ],
    windowDays: 180,
    path: '/v2/measure',
    action: 'getactivity',
    by: 'dates',
    fields: {
      data_fields: `steps,distance,elevation,soft,moderate,intense,active,calories,totalcalories,${ZONES}`,
    },
  },
  {
    type: 'getintradayactivity',
    title: 'activity and heart rate within the day',
    scope: 'user.activity',
    metrics: [...MOVED, ...words('heart_rate_bpm spo2_pct hrv_rmssd_ms hrv_sdnn_ms')],
    // Of a longer window only the first 24 hours are answered.
    windowDays: 1,
    path: '/v2/measure',
    action: 'getintradayactivity',
    by: 'instants',
    fields: {
      data_fields:
        'steps,elevation,calories,distance,stroke,pool_lap,duration,heart_rate,spo2_auto,rmssd,sdnn1,hrv_quality',
    },
  },
  {
    type: 'getworkouts',
    title: 'workouts',
    scope: 'user.activity',
    metrics: [],
    windowDays: 180,
    path: '/v2/measure',
    action: 'getworkouts',
    by: 'dates',
    fields: {
      data_fields: `calories,intensity,manual_distance,manual_calories,${ZONES},pause_duration,algo_pause_duration,spo2_average,steps,distance,elevation,pool_laps,strokes,pool_length`,
    },
  },
  {
    type: 'sleep-get',
    title: 'stages and heart rate of nights',
    scope: 'user.activity',
    metrics: [...STAGES, ...words('heart_rate_bpm hrv_rmssd_ms hrv_sdnn_ms respiratory_rate_brpm')],
    // The documents say 24 hours in one place and 7 days in another.
    windowDays: 1,
    path: '/v2/sleep',
    action: 'get',
    by: 'instants',
    fields: { data_fields: 'hr,rr,snoring,sdnn_1,rmssd,hrv_quality,mvt_score' },
  },
  {
    type: 'sleep-getsummary',
    title: 'nights and their scores',
    scope: 'user.activity',
    metrics: [
      ...STAGES,
      ...words('sleep_in_bed_s sleep_latency_s sleep_efficiency_pct wakeups apnea_hypopnea_index'),
      ...words('sleep_hr_avg_bpm sleep_hr_lowest_bpm respiratory_rate_brpm hrv_rmssd_ms'),
    ],
    windowDays: 180,
    path: '/v2/sleep',
    action: 'getsummary',
    by: 'dates',
    fields: {
      data_fields:
        'nb_rem_episodes,sleep_efficiency,sleep_latency,total_sleep_time,total_timeinbed,wakeup_latency,waso,apnea_hypopnea_index,breathing_disturbances_intensity,asleepduration,deepsleepduration,hr_average,hr_max,hr_min,lightsleepduration,night_events,out_of_bed_count,remsleepduration,rr_average,rr_max,rr_min,sleep_score,snoring,snoringepisodecount,wakeupcount,wakeupduration,rmssd_start_avg,rmssd_end_avg',
    },
  },
];

/** Everything that is fetched, a page at a time. */
export const STREAMS: readonly Stream[] = ASKED.map(({ path, action, by, fields, ...about }) => ({
  ...about,
  request: ({ fromMs, toMs, from, to }, offset) => {
    const bounds =
      by === 'dates' ? { startdateymd: from, enddateymd: to } : { startdate: seconds(fromMs), enddate: seconds(toMs) };
    return form(path, { action, ...bounds, ...fields, ...(offset === undefined ? {} : { offset }) });
  },
  next: (json) => {
    const page = paged.safeParse(json);
    return page.success ? String(page.data.body.offset) : undefined;
  },
}));

// `more` is true, or 1 in getmeas; on a last page the offset stands beside it and means nothing
const paged = z.object({
  body: z.object({ more: z.union([z.literal(true), z.literal(1)]), offset: z.number().int().positive() }),
});

/** A call as Withings wants all of them: a form by POST. */
export function form(path: string, fields: Readonly<Record<string, string>>): ApiRequest {
  return { method: 'POST', url: `${API}${path}`, form: fields };
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}

function words(text: string): readonly string[] {
  return text.split(' ');
}
