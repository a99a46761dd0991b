import * as z from 'zod';
import type { ApiRequest } from './kit/api.ts';
import { readJson, withoutByteOrderMark } from './kit/json.ts';
import { NOTICES, split } from './garmin/split.ts';
import { type ImportFile, type ImportResult, defineProvider } from './kit/provider.ts';
import { membersOf, rootOf } from './kit/scan.ts';
import { PAGE_BYTES } from './kit/split.ts';

const SUMMARIES = [
  'dailies',
  'epochs',
  'sleeps',
  'bodyComps',
  'stressDetails',
  'userMetrics',
  'pulseox',
  'allDayRespiration',
  'healthSnapshot',
  'hrv',
  'bloodPressures',
  'skinTemp',
  'activities',
  'activityDetails',
  'manuallyUpdatedActivities',
  'moveIQActivities',
  'activityFiles',
];

const USER = 'https://apis.garmin.com/wellness-api/rest/user';
const get = (name: string): ApiRequest => ({ method: 'GET', url: `${USER}/${name}` });
const registration: ApiRequest = { method: 'DELETE', url: `${USER}/registration` };

const userId = z.object({ userId: z.string() });
/** Documented as a bare list; running services read it wrapped. */
const permissions = z.union([
  z.array(z.string()),
  z.object({ permissions: z.array(z.string()) }).transform((body) => body.permissions),
]);

/** Garmin Health API and Activity API: pushes of `{"<summary type>":[…]}`, several types and people in one. */
export const garmin = defineProvider({
  id: 'garmin',
  name: 'Garmin',
  docs: 'https://developer.garmin.com/gc-developer-program/health-api/',
  portal: 'https://apis.garmin.com/tools/endpoints',
  webhook: {
    limit: 10_000_000,
    auth: 'path',
    // Nothing is signed. The header is missing from the portal's own test pushes, so only a different one is refused.
    verify: ({ headers }, { clientId }) => {
      const given = headers['garmin-client-id'];
      return given === undefined || clientId === undefined || given === clientId;
    },
    split: (text) => split(text),
  },
  import: async (file) => readSavedPush(file),
  oauth: {
    authorizeUrl: 'https://connect.garmin.com/oauth2Confirm',
    tokenUrl: 'https://diauth.garmin.com/di-oauth2-service/oauth/token',
    scopes: {
      HEALTH_EXPORT: 'daily totals, sleep, heart rate, stress and body composition',
      ACTIVITY_EXPORT: 'workouts',
      HISTORICAL_DATA_EXPORT: 'days before you connected',
    },
    scopeSeparator: ' ',
    scopesInPortal: true,
    pkce: true,
    clientAuth: 'body',
    account: { request: get('id'), read: (json) => userId.safeParse(json).data?.userId },
    // The `scope` of the token answer says what the app may do, not what the person ticked.
    granted: { request: get('permissions'), read: (json) => permissions.safeParse(json).data },
    // 7,775,998 s is what an answer says of a refresh token's life.
    refresh: { rotates: true, lapsesS: 7_775_998 },
    revoke: async ({ tokens, send }) => (await send(registration, tokens.access)) !== undefined,
  },
  views: {
    metrics: {
      metrics: [
        'steps',
        'distance_m',
        'floors_climbed',
        'wheelchair_pushes',
        'energy_active_kcal',
        'energy_basal_kcal',
        'energy_total_kcal',
        'active_time_s',
        'intensity_moderate_s',
        'intensity_vigorous_s',
        'heart_rate_bpm',
        'resting_heart_rate_bpm',
        'heart_rate_max_24h_bpm',
        'stress_0_100',
        'weight_kg',
        'bmi_kg_m2',
        'body_fat_pct',
        'muscle_mass_kg',
        'bone_mass_kg',
        'body_water_kg',
        'sleep_total_s',
        'sleep_deep_s',
        'sleep_light_s',
        'sleep_rem_s',
        'sleep_awake_s',
        'hrv_rmssd_ms',
        'spo2_pct',
        'respiratory_rate_brpm',
        'skin_temperature_dev_c',
        'bp_systolic_mmhg',
        'bp_diastolic_mmhg',
        'vo2max_ml_kg_min',
      ],
    },
  },
  policy: { mixing: true, ai: true, mustDeregister: true },
});

/** A saved push, or with `type` the bare list a callback address answers with. */
function readSavedPush(file: ImportFile): ImportResult {
  const json = readJson(withoutByteOrderMark(file.bytes));
  if (!json.ok) return refuse(`${file.name} is not JSON text.`);
  const root = rootOf(json.text);
  const type = file.type?.replace(/^garmin\./, '');
  if (root.kind === 'array' && type !== undefined && SUMMARIES.includes(type)) {
    return { ok: true, parts: split(`{"${type}":${json.text}}`, { pageBytes: PAGE_BYTES }) };
  }
  const names = root.kind === 'object' ? [...membersOf(json.text, root)].map(({ name }) => name) : [];
  if (![...SUMMARIES, ...NOTICES].some((known) => names.includes(known))) {
    return refuse(`${file.name} holds none of the lists Garmin pushes, such as "dailies".`);
  }
  return { ok: true, parts: split(json.text, { pageBytes: PAGE_BYTES }) };
}

function refuse(detail: string): ImportResult {
  const remedy = 'Import the body of a push as it was received, or a saved list with --type, such as garmin.dailies.';
  return { ok: false, code: 'unknown_format', detail, remedy };
}
