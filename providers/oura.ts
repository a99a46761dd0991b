import * as z from 'zod';
import { type ApiAnswer, type ApiRequest, type Verdict, judgeByStatus } from './kit/api.ts';
import type { NoticeMeaning, Stream } from './kit/collect.ts';
import { type Handshake, type Part, defineProvider } from './kit/provider.ts';
import { readSavedList } from './kit/saved.ts';
import { elementsOf, rootOf } from './kit/scan.ts';
import type { SubscriptionDoor } from './kit/subscribe.ts';

const API = 'https://api.ouraring.com';
const SUBSCRIPTIONS = `${API}/v2/webhook/subscription`;
const DAY_MS = 86_400_000;

const text = z.string().min(1);
const held = z.object({ data: z.array(z.unknown()) });
const page = z.object({ next_token: text });
const document = z.object({ day: z.iso.date() });
const thing = z.object({ id: text });
// Half a surrogate pair has no UTF-8 form: two such ids would share one account.
const owned = z.object({ user_id: z.string().regex(/^(?=.*\S)\P{Surrogate}*$/u) });
const kind = z.object({ data_type: text });
const event = z.object({ event_type: text, data_type: text, object_id: text, event_time: z.string().optional() });
const expiry = z.iso.datetime({ offset: true }).transform((at) => Date.parse(at));
const subscription = event.pick({ event_type: true, data_type: true }).extend({ id: text, callback_url: text });
const subscriptions = z.array(subscription.extend({ expiration_time: expiry }));

type Query = Readonly<Record<string, string>>;

const get = (path: string, query: Query = {}): ApiRequest => {
  return { method: 'GET', url: `${API}/v2/usercollection/${path}`, query };
};
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const next = (json: unknown): string | undefined => page.safeParse(json).data?.next_token;
const dayOf = (json: unknown): string | undefined => document.safeParse(json).data?.day;
const after = (cursor: string | undefined): Query => (cursor === undefined ? {} : { next_token: cursor });

/** A type asked for by its dates, or by the id of one document. Some types leave out the last date: one more is asked for. */
function byDate(type: string, scope: string, title: string, metrics: readonly string[] = [], path = type): Stream {
  const request: Stream['request'] = ({ from, to }, cursor) =>
    get(path, { start_date: from, end_date: dateOf(Date.parse(to) + DAY_MS), ...after(cursor) });
  const locate = { request: (id: string) => get(`${path}/${encodeURIComponent(id)}`), read: dayOf, answer: thing };
  return { type, title, scope, metrics, windowDays: 90, request, answer: held, next, locate };
}

/** Asked for by instants, has no ids and sends no events. */
const heartrate: Stream = {
  type: 'heartrate',
  title: 'heart rate',
  scope: 'heartrate',
  metrics: ['heart_rate_bpm'],
  windowDays: 30,
  request: ({ fromMs, toMs }, cursor) => {
    const [start_datetime, end_datetime] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    return get('heartrate', { start_datetime, end_datetime, ...after(cursor) });
  },
  answer: held,
  next,
};

const NIGHT = ['total_s', 'in_bed_s', 'deep_s', 'light_s', 'rem_s', 'awake_s', 'latency_s', 'efficiency_pct'];
const HEART = ['sleep_hr_avg_bpm', 'sleep_hr_lowest_bpm', 'hrv_rmssd_ms', 'respiratory_rate_brpm'];
const MOVED = ['steps', 'distance_m', 'energy_active_kcal', 'energy_total_kcal'];
const SPENT = ['intensity_moderate_s', 'intensity_vigorous_s', 'sedentary_time_s'];

const eventful: readonly Stream[] = [
  byDate('sleep', 'daily', 'nights and naps', [...NIGHT.map((part) => `sleep_${part}`), ...HEART]),
  byDate('daily_sleep', 'daily', 'sleep score'),
  byDate('daily_readiness', 'daily', 'readiness and skin temperature', ['skin_temperature_dev_c']),
  byDate('daily_activity', 'daily', 'steps, energy and activity', [...MOVED, ...SPENT]),
  byDate('workout', 'workout', 'workouts'),
  byDate('session', 'session', 'sessions'),
  byDate('daily_spo2', 'spo2Daily', 'blood oxygen', ['spo2_pct']),
  byDate('daily_stress', 'stress', 'stress'),
  byDate('daily_resilience', 'stress', 'resilience'),
  byDate('daily_cardiovascular_age', 'heart_health', 'vascular age', ['vascular_age_y', 'pulse_wave_velocity_m_s']),
  byDate('vo2_max', 'heart_health', 'VO2 max', ['vo2max_ml_kg_min'], 'vO2_max'),
];
const streams = [...eventful, heartrate];
const changes = ['create', 'update', 'delete'];
// Oura has events for these too; one from a subscription we never made is no fault.
const UNASKED = ['tag', 'enhanced_tag', 'sleep_time', 'rest_mode_period', 'ring_configuration', 'meal'];
const heardOf = new Set([...streams.map(({ type }) => type), ...UNASKED]);
const wanted = eventful.flatMap(({ type }) => changes.map((change) => ({ key: `${change}/${type}` })));

/** Oura API v2: signed notices of what changed, the data themselves by fetching. */
export const oura = defineProvider({
  id: 'oura',
  name: 'Oura',
  docs: 'https://cloud.ouraring.com/v2/docs',
  portal: 'https://developer.ouraring.com',
  webhook: {
    limit: 1_000_000,
    answerWithinMs: 10_000,
    auth: 'signature',
    // The unit of the time is stated nowhere; the one example is in seconds.
    signature: {
      header: 'x-oura-signature',
      timestamp: { header: 'x-oura-timestamp', unit: 's_or_ms' },
      encoding: 'hex',
    },
    handshake,
    split,
  },
  import: async (file) =>
    readSavedList(file, { provider: 'oura', types: streams.map(({ type }) => type), list: 'data' }),
  oauth: {
    authorizeUrl: 'https://cloud.ouraring.com/oauth/authorize',
    tokenUrl: `${API}/oauth/token`,
    scopes: {
      daily: 'sleep, activity and readiness',
      heartrate: 'heart rate',
      workout: 'workouts',
      session: 'guided and unguided sessions',
      spo2Daily: 'blood oxygen while asleep',
      // These two are enforced, though no document names them.
      stress: 'stress and resilience',
      heart_health: 'vascular age and VO2 max',
    },
    scopeSeparator: ' ',
    pkce: false,
    clientAuth: 'body',
    account: { request: get('personal_info'), read: (json) => thing.safeParse(json).data?.id },
    refresh: { rotates: true }, // Without grace: a refresh token is dead once it was used.
    revokes: 'token',
    revoke: async ({ tokens, send }) => {
      // Only in the address does the provider take the token.
      const query = { access_token: tokens.access.reveal() };
      return (await send({ method: 'POST', url: `${API}/oauth/revoke`, query })) !== undefined;
    },
  },
  collect: { streams, limits: [{ per: 'app', requests: 5000, windowS: 300 }], judge, readNotice },
  subscribe: {
    per: 'app',
    wanted,
    list: (door) => asApp(door, 'GET'),
    readList: (json) => {
      const listed = subscriptions.safeParse(json).data ?? [];
      return listed
        .map((one) => ({ ...one, key: `${one.event_type}/${one.data_type}` }))
        .filter(({ key }) => wanted.some((one) => one.key === key))
        .map(({ key, id, ...one }) => ({ key, id, callbackUrl: one.callback_url, expiresAt: one.expiration_time }));
    },
    create: (door, key) => {
      const [event_type, data_type] = key.split('/');
      const { callbackUrl: callback_url, verificationToken: verification_token } = door;
      return { ...asApp(door, 'POST'), json: { callback_url, verification_token, event_type, data_type } };
    },
    remove: (door, { id = '' }) => asApp(door, 'DELETE', `/${encodeURIComponent(id)}`),
    // They end after about 90 days.
    renew: { request: (door, { id = '' }) => asApp(door, 'PUT', `/renew/${encodeURIComponent(id)}`), beforeDays: 30 },
  },
  policy: { mixing: true, ai: true, mustDeregister: false },
});

/** Subscriptions belong to the app: no bearer token, its own credentials in headers. */
function asApp({ settings }: SubscriptionDoor, method: ApiRequest['method'], path = ''): ApiRequest {
  const secret = settings.clientSecrets?.[0]?.reveal() ?? '';
  const headers = { 'x-client-id': settings.clientId ?? '', 'x-client-secret': secret };
  return { method, url: `${SUBSCRIPTIONS}${path}`, headers };
}

/** Oura's challenges are far shorter than 512 characters. */
function handshake({ verification_token = '', challenge = '' }: Query, isOurs: (token: string) => boolean): Handshake {
  const known = challenge !== '' && challenge.length <= 512 && isOurs(verification_token);
  return known ? { ok: true, json: { challenge } } : { ok: false };
}

/** One event is one notice, verbatim; a list, which no document promises, is a notice an element. One about an unknown type is of that type. */
function split(body: string): readonly Part[] {
  const root = rootOf(body);
  const elements = root.kind === 'array' ? [...elementsOf(body, root)] : [];
  const events = elements.length === 0 ? [body] : elements.map(({ start, end }) => body.slice(start, end));
  return events.map((one) => {
    const json: unknown = JSON.parse(one);
    const type = kind.safeParse(json).data?.data_type ?? 'notice';
    const resource = heardOf.has(type) ? 'notice' : type;
    return { externalId: owned.safeParse(json).data?.user_id, resource, notice: true, text: one };
  });
}

/** Heart rates have no events of their own: the two days up to the event; the look-back finds what was synced later. */
function readNotice(notice: unknown): readonly NoticeMeaning[] {
  const { data } = event.safeParse(notice);
  if (data === undefined || !wanted.some(({ key }) => key === `${data.event_type}/${data.data_type}`)) return [];
  const { event_type, data_type: type, object_id: id, event_time = '' } = data;
  if (event_type === 'delete') return [{ kind: 'deleted', type, id }];
  const fetch = { kind: 'fetch', type, id } as const;
  if (type !== 'sleep' && type !== 'daily_activity') return [fetch];
  const toMs = Date.parse(event_time);
  const span = Number.isNaN(toMs) ? {} : { fromMs: toMs - 2 * DAY_MS, toMs };
  return [fetch, { kind: 'fetch', type: heartrate.type, ...span }];
}

/** Means its status, but for a 401 that speaks of a scope: no other token would help. */
function judge(answer: ApiAnswer): Verdict {
  const { status, body } = answer;
  if (status === 403)
    return { kind: 'forbidden', detail: 'The Oura membership has lapsed, or a permission is missing.' };
  const isScope = status === 401 && /\bscopes?\b/i.test(new TextDecoder().decode(body.subarray(0, 2000)));
  return isScope ? { kind: 'forbidden', detail: 'A permission at Oura is missing.' } : judgeByStatus(answer);
}
