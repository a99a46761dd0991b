import * as z from 'zod';
import type { ApiRequest } from './kit/api.ts';
import type { NoticeMeaning, Stream } from './kit/collect.ts';
import { formOf, splitForm, whenOf } from './kit/form.ts';
import type { RevokeContext } from './kit/oauth/oauth.ts';
import { nextOffset } from './kit/paging.ts';
import { defineProvider } from './kit/provider.ts';
import { readSavedAnswer } from './kit/saved.ts';
import { signFields } from './kit/signature.ts';
import { judgeByBody, tokensInBody, withBody } from './kit/status.ts';

const API = 'https://wbsapi.withings.net';
type Fields = Readonly<Record<string, string>>;
// All calls are forms by POST.
const form = (path: string, fields: Fields): ApiRequest => ({ method: 'POST', url: `${API}${path}`, form: fields });
const seconds = (ms: number): string => String(Math.floor(ms / 1000));

const BODY =
  'weight_kg height_m bmi_kg_m2 body_fat_pct fat_mass_kg lean_mass_kg muscle_mass_kg bone_mass_kg body_water_kg ' +
  'visceral_fat_index basal_metabolic_rate_kcal_d';
const VITALS =
  'bp_systolic_mmhg bp_diastolic_mmhg heart_rate_bpm spo2_pct body_temperature_c skin_temperature_c ' +
  'vo2max_ml_kg_min pulse_wave_velocity_m_s vascular_age_y';
const MOVED = 'steps distance_m floors_climbed energy_active_kcal heart_rate_bpm';
const STAGES = 'sleep_total_s sleep_deep_s sleep_light_s sleep_rem_s sleep_awake_s hrv_rmssd_ms respiratory_rate_brpm';
const ZONES = 'hr_average,hr_min,hr_max,hr_zone_0,hr_zone_1,hr_zone_2,hr_zone_3';

type About = Omit<Stream, 'request' | 'next' | 'metrics'>;
type Ask = { readonly path: string; readonly action: string; readonly by: 'dates' | 'instants' };

/** One thing that is fetched, a page at a time; `data` alone is the value of `data_fields`, `metrics` are words. */
function stream(about: About, ask: Ask, data: Fields | string, metrics = ''): Stream {
  const fields = typeof data === 'string' ? { data_fields: data } : data;
  const request: Stream['request'] = ({ fromMs, toMs, from, to }, offset) => {
    const dates = { startdateymd: from, enddateymd: to };
    const bounds = ask.by === 'dates' ? dates : { startdate: seconds(fromMs), enddate: seconds(toMs) };
    return form(ask.path, { action: ask.action, ...bounds, ...fields, ...(offset !== undefined && { offset }) });
  };
  return { ...about, metrics: metrics.split(' ').filter(Boolean), request, answer: withBody, next: nextOffset };
}

// Without `data_fields` an answer leaves out heart rate, respiration and scores. Within the day only the first 24 hours of a
// window are answered; of stages the documents say 24 hours in one place and 7 days in another.
const scope = 'user.activity';
const streams = [
  stream(
    { type: 'getmeas', title: 'weight, blood pressure and temperature', scope: 'user.metrics', windowDays: 365 },
    { path: '/measure', action: 'getmeas', by: 'instants' },
    // What models/fields.csv has a metric for; category 2 is goals.
    { meastypes: '1,4,5,6,8,9,10,11,12,54,71,73,76,77,88,91,123,155,170,226', category: '1' },
    `${BODY} ${VITALS}`,
  ),
  stream(
    { type: 'getactivity', title: 'days of activity', scope, windowDays: 180 },
    { path: '/v2/measure', action: 'getactivity', by: 'dates' },
    `steps,distance,elevation,soft,moderate,intense,active,calories,totalcalories,${ZONES}`,
    `${MOVED} energy_total_kcal active_time_s intensity_moderate_s intensity_vigorous_s heart_rate_max_24h_bpm`,
  ),
  stream(
    { type: 'getintradayactivity', title: 'activity and heart rate within the day', scope, windowDays: 1 },
    { path: '/v2/measure', action: 'getintradayactivity', by: 'instants' },
    'steps,elevation,calories,distance,stroke,pool_lap,duration,heart_rate,spo2_auto,rmssd,sdnn1,hrv_quality',
    `${MOVED} spo2_pct hrv_rmssd_ms hrv_sdnn_ms`,
  ),
  stream(
    { type: 'getworkouts', title: 'workouts', scope, windowDays: 180 },
    { path: '/v2/measure', action: 'getworkouts', by: 'dates' },
    `calories,intensity,manual_distance,manual_calories,${ZONES},pause_duration,algo_pause_duration,spo2_average,steps,distance,elevation,pool_laps,strokes,pool_length`,
  ),
  stream(
    { type: 'sleep-get', title: 'stages and heart rate of nights', scope, windowDays: 1 },
    { path: '/v2/sleep', action: 'get', by: 'instants' },
    'hr,rr,snoring,sdnn_1,rmssd,hrv_quality,mvt_score',
    `${STAGES} heart_rate_bpm hrv_sdnn_ms`,
  ),
  stream(
    { type: 'sleep-getsummary', title: 'nights and their scores', scope, windowDays: 180 },
    { path: '/v2/sleep', action: 'getsummary', by: 'dates' },
    'nb_rem_episodes,sleep_efficiency,sleep_latency,total_sleep_time,total_timeinbed,wakeup_latency,waso,apnea_hypopnea_index,breathing_disturbances_intensity,asleepduration,deepsleepduration,hr_average,hr_max,hr_min,lightsleepduration,night_events,out_of_bed_count,remsleepduration,rr_average,rr_max,rr_min,sleep_score,snoring,snoringepisodecount,wakeupcount,wakeupduration,rmssd_start_avg,rmssd_end_avg',
    `${STAGES} sleep_in_bed_s sleep_latency_s sleep_efficiency_pct wakeups apnea_hypopnea_index sleep_hr_avg_bpm sleep_hr_lowest_bpm`,
  ),
];

// Kinds of notice (`appli`), the scope each needs and the types it is about.
type Kind = { readonly scope: string; readonly types: readonly string[] };
const MEASURE: Kind = { scope: 'user.metrics', types: ['getmeas'] };
const KINDS = new Map<string, Kind>([
  ...['1', '2', '4', '58'].map((appli): [string, Kind] => [appli, MEASURE]),
  ['16', { scope, types: ['getactivity', 'getintradayactivity', 'getworkouts'] }],
  ['44', { scope, types: ['sleep-get', 'sleep-getsummary'] }],
  ['46', { scope: 'user.info', types: [] }],
]);
// Beds, mattresses, ECGs and variability (50 to 55, 62) are never asked for and say nothing we keep.
const isKnown = (appli: string): boolean => KINDS.has(appli) || /^(5[0-5]|62)$/.test(appli);

/** The official table of statuses; what is in no family of it is Withings' own trouble. */
const STATUSES = {
  unauthorised: '100-102 200 401',
  forbidden: '214 277 2553-2555',
  gone: '286 343',
  refused:
    '201-213 216-218 220 221 223 225 227-230 234-236 238 240-252 254 260-267 271 272 275 276 283-285 287 288 290 293-295 297 ' +
    '300-304 321 323-342 344-353 380-382 400 501-511 523 532 3017-3019',
  limited: '601',
  limitedS: '60',
  badGrant: '503',
  meanings: {
    247: 'a wrong user id',
    250: 'the token is another account’s',
    293: 'the callback address cannot be reached or is not the one in the dashboard',
    294: 'the subscription cannot be deleted',
    328: 'the account was deactivated',
    342: 'a wrong signature',
  },
};
const judge = judgeByBody('Withings', STATUSES);

/** Where the rows of each type lie in its answer. */
const SERIES = ['getintradayactivity', 'getworkouts', 'sleep-get', 'sleep-getsummary'];
const ROWS = { measuregrps: ['getmeas'], activities: ['getactivity'], series: SERIES };

const number = z.number().int().transform(String);
// The last second a 32-bit clock knows means never.
const end = z.number().transform((s) => (s < 2_147_483_647 ? { expiresAt: s * 1000 } : {}));
const profile = z.object({ appli: number, callbackurl: z.string(), expires: end.default({}) });
const listed = z.object({ body: z.object({ profiles: z.array(profile) }) });
const nonced = z.object({ body: z.object({ nonce: z.string().min(1) }) });

/** Withings Public API: notices without data say what to fetch; errors come with HTTP 200 and a `status`. */
export const withings = defineProvider({
  id: 'withings',
  name: 'Withings',
  docs: 'https://developer.withings.com/api-reference',
  portal: 'https://developer.withings.com/dashboard/',
  webhook: {
    limit: 65_536,
    answerWithinMs: 2000,
    auth: 'path',
    format: 'form',
    handshake: () => ({ ok: true }), // HEAD, before a subscription is accepted.
    split: (text) => splitForm(text, 'userid', { field: 'appli', isKnown }),
  },
  import: async (file) => readSavedAnswer(file, { provider: 'withings', rows: ROWS, judge }),
  oauth: {
    authorizeUrl: 'https://account.withings.com/oauth2_user/authorize2',
    tokenUrl: `${API}/v2/oauth2`,
    scopes: {
      'user.info': 'word from Withings when you end the connection there',
      'user.metrics': 'weight, body composition, blood pressure and temperature',
      'user.activity': 'activity, workouts, heart rate and sleep',
    },
    scopeSeparator: ',',
    pkce: false,
    clientAuth: 'body',
    tokenFields: { action: 'requesttoken' },
    readTokens: tokensInBody(STATUSES),
    account: { field: 'userid' },
    // The old token ends earlier too: as soon as the new access token is used.
    refresh: { rotates: true, graceS: 8 * 3600, lapsesS: 365 * 86_400 },
    revoke,
  },
  collect: { streams, limits: [{ per: 'app', requests: 120, windowS: 60 }], judge, readNotice },
  subscribe: {
    per: 'account',
    wanted: [...KINDS].map(([key, kind]) => ({ key, scope: kind.scope })),
    list: () => form('/notify', { action: 'list' }),
    readList: (json) => {
      const profiles = listed.safeParse(json).data?.body.profiles ?? [];
      return profiles
        .filter(({ appli }) => KINDS.has(appli))
        .map(({ appli, callbackurl, expires }) => ({ key: appli, callbackUrl: callbackurl, ...expires }));
    },
    create: ({ callbackUrl }, appli) => form('/notify', { action: 'subscribe', callbackurl: callbackUrl, appli }),
    remove: (_, { callbackUrl, key }) => form('/notify', { action: 'revoke', callbackurl: callbackUrl, appli: key }),
  },
  views: { weight: { metrics: BODY.split(' ') } },
  policy: { mixing: true, ai: true, mustDeregister: true },
});

/** What a notice asks for. Its times are those of measuring: they are taken with an hour of margin on either side. */
function readNotice(data: unknown, resource: string): readonly NoticeMeaning[] {
  const fields = formOf(resource === 'notice' ? data : undefined);
  const [appli, action] = [fields.get('appli') ?? '', fields.get('action')];
  if (appli === '46' && action === 'unlink') return [{ kind: 'ended', how: 'revoked' }];
  if (appli === '46' && action === 'delete') return [{ kind: 'ended', how: 'deregistered' }];
  const when = whenOf(fields, { from: 'startdate', to: 'enddate', date: 'date' }, 3_600_000);
  return (KINDS.get(appli)?.types ?? []).map((type) => ({ kind: 'fetch', type, ...when }));
}

/** Ends both tokens and all subscriptions of the account. A signed call: first a nonce, which holds 30 minutes and once. */
async function revoke({ externalId, settings, nowS, send }: RevokeContext): Promise<boolean> {
  const { clientId: client_id, clientSecrets: [secret] = [] } = settings;
  if (client_id === undefined || secret === undefined) return false;
  const first = { action: 'getnonce', client_id, timestamp: String(nowS) };
  const given = nonced.safeParse(await send(form('/v2/signature', { ...first, signature: signFields(first, secret) })));
  if (!given.success) return false;
  const last = { action: 'revoke', client_id, nonce: given.data.body.nonce };
  const signed = { ...last, signature: signFields(last, secret), userid: externalId };
  return (await send(form('/v2/oauth2', signed))) !== undefined;
}
