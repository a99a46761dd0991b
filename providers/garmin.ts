import * as z from 'zod';
import type { ApiRequest } from './kit/api.ts';
import type { NoticeMeaning, Window } from './kit/collect.ts';
import { readJson, withoutByteOrderMark } from './kit/json.ts';
import { splitLists } from './kit/lists.ts';
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

/** Messages that say something is to be fetched or has changed; they hold no measurement. */
const NOTICES = ['ping', 'deregistrations', 'userPermissionsChange'];
const LISTS = { owner: 'userId', notices: NOTICES, pingField: 'callbackURL' };

const REST = 'https://apis.garmin.com/wellness-api/rest';
const get = (name: string): ApiRequest => ({ method: 'GET', url: `${REST}/user/${name}` });
const registration: ApiRequest = { method: 'DELETE', url: `${REST}/user/registration` };

/** A new key may ask for 100 days of data a minute: three windows of these. An activity's window has 30 days at most, others 90. */
const [HEALTH_DAYS, ACTIVITY_DAYS] = [33, 30];
/** Lists that can be sent again: their name in the address of the request, and the days of one. */
const PAST: Readonly<Record<string, readonly [path: string, days: number, title: string]>> = {
  dailies: ['dailies', HEALTH_DAYS, 'days'],
  epochs: ['epochs', HEALTH_DAYS, 'quarters of an hour'],
  sleeps: ['sleeps', HEALTH_DAYS, 'nights'],
  bodyComps: ['bodyComps', HEALTH_DAYS, 'weights'],
  stressDetails: ['stressDetails', HEALTH_DAYS, 'stress'],
  userMetrics: ['userMetrics', HEALTH_DAYS, 'fitness figures'],
  pulseox: ['pulseOx', HEALTH_DAYS, 'oxygen'],
  allDayRespiration: ['respiration', HEALTH_DAYS, 'breaths'],
  healthSnapshot: ['healthSnapshot', HEALTH_DAYS, 'snapshots'],
  hrv: ['hrv', HEALTH_DAYS, 'heart rate variability'],
  bloodPressures: ['bloodPressures', HEALTH_DAYS, 'blood pressures'],
  skinTemp: ['skinTemp', HEALTH_DAYS, 'skin temperatures'],
  activities: ['activities', ACTIVITY_DAYS, 'workouts'],
  activityDetails: ['activityDetails', ACTIVITY_DAYS, 'courses of workouts'],
  moveIQActivities: ['moveiq', ACTIVITY_DAYS, 'movements it noticed'],
};
const past = (type: string, { fromMs, toMs }: Window): ApiRequest => ({
  method: 'GET',
  url: `${REST}/backfill/${PAST[type]?.[0] ?? type}`,
  query: {
    summaryStartTimeInSeconds: String(Math.floor(fromMs / 1000)),
    summaryEndTimeInSeconds: String(Math.floor(toMs / 1000)),
  },
});

const userId = z.object({ userId: z.string() });
/** Documented as a bare list; running services read it wrapped. */
const permissions = z.union([
  z.array(z.string()),
  z.object({ permissions: z.array(z.string()) }).transform((body) => body.permissions),
]);

const pinged = z.object({ callbackURL: z.string() });
const permitted = z.object({ permissions: z.array(z.string()), changeTimeInSeconds: z.number() });

/** The elements of one list of a notice; none where it has another shape. */
const elements = (notice: unknown, list: string): readonly unknown[] =>
  z.object({ [list]: z.array(z.unknown()) }).safeParse(notice).data?.[list] ?? [];

/** Activity files are no JSON and are left where they are; a name becomes a part of a path. */
const isFollowed = (list: string): boolean => list !== 'activityFiles' && /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(list);

/** The time of an upload, as far as the address of a ping says it. */
function uploadOf(url: string): { readonly fromMs?: number; readonly toMs?: number } {
  const query = new URLSearchParams(url.replace(/^[^?]*/, ''));
  const [from, to] = ['uploadStartTimeInSeconds', 'uploadEndTimeInSeconds'].map((name) => query.get(name) ?? '');
  const isSaid = [from, to].every((text) => /^\d{1,11}$/.test(text ?? ''));
  return isSaid ? { fromMs: Number(from) * 1000, toMs: Number(to) * 1000 } : {};
}

/** What a ping or a control message asks for. */
function readNotice(notice: unknown, resource: string): readonly NoticeMeaning[] {
  if (resource === 'ping') {
    // A list nobody has heard of too: what lies behind it is kept, and read when somebody has.
    const lists = Object.keys(z.looseObject({}).safeParse(notice).data ?? {});
    return lists.filter(isFollowed).flatMap((type) =>
      elements(notice, type).flatMap((one): readonly NoticeMeaning[] => {
        const url = pinged.safeParse(one).data?.callbackURL;
        return url === undefined ? [] : [{ kind: 'follow', type, url, ...uploadOf(url) }];
      }),
    );
  }
  if (resource === 'deregistrations') {
    return elements(notice, resource).length === 0 ? [] : [{ kind: 'ended', how: 'deregistered' }];
  }
  if (resource !== 'userPermissionsChange') return [];
  // Every message says all that is allowed from then on.
  return elements(notice, resource).flatMap((one): readonly NoticeMeaning[] => {
    const said = permitted.safeParse(one).data;
    return said === undefined
      ? []
      : [{ kind: 'permissions', scopes: said.permissions, atMs: said.changeTimeInSeconds * 1000 }];
  });
}

/** Garmin Health API and Activity API: pushes of `{"<summary type>":[…]}`, several types and people in one. */
export const garmin = defineProvider({
  id: 'garmin',
  name: 'Garmin',
  docs: 'https://developer.garmin.com/gc-developer-program/health-api/',
  portal: 'https://apis.garmin.com/tools/endpoints',
  webhook: {
    limit: 10_000_000,
    answerWithinMs: 30_000,
    auth: 'path',
    // Nothing is signed. The header is missing from the portal's own test pushes, so only a different one is refused.
    verify: ({ headers }, { clientId }) => {
      const given = headers['garmin-client-id'];
      return given === undefined || clientId === undefined || given === clientId;
    },
    split: (text) => splitLists(text, LISTS),
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
  collect: {
    // Everything is pushed or pinged; what is past can only be asked to be sent, which is a permission of its own.
    streams: Object.entries(PAST).map(([type, [, windowDays, what]]) => ({
      type,
      title: `${what} of the past`,
      scope: 'HISTORICAL_DATA_EXPORT',
      metrics: [],
      windowDays,
      request: (window) => past(type, window),
      next: () => undefined,
    })),
    requestBackfill: past,
    // "1 month since the first user connection"; what was not taken is kept for 7 days.
    backfillBounds: { reachDays: 30, resendDays: 7, limits: [{ per: 'app', requests: 3, windowS: 60 }] },
    limits: [],
    readNotice,
    callbacks: {
      hosts: ['apis.garmin.com'],
      paths: ['/wellness-api/rest'],
      answer: z.array(z.looseObject({})),
      wrap: (type, text) => `{"${type}":${text}}`,
    },
  },
  views: { metrics: { metrics: 'all' } },
  policy: { mixing: true, ai: true, mustDeregister: true },
});

/** A saved push, or with `type` the bare list a callback address answers with. */
function readSavedPush(file: ImportFile): ImportResult {
  const json = readJson(withoutByteOrderMark(file.bytes));
  if (!json.ok) return refuse(`${file.name} is not JSON text.`);
  const root = rootOf(json.text);
  const type = file.type?.replace(/^garmin\./, '');
  if (root.kind === 'array' && type !== undefined && SUMMARIES.includes(type)) {
    return { ok: true, parts: splitLists(`{"${type}":${json.text}}`, LISTS, { pageBytes: PAGE_BYTES }) };
  }
  const names = root.kind === 'object' ? [...membersOf(json.text, root)].map(({ name }) => name) : [];
  if (![...SUMMARIES, ...NOTICES].some((known) => names.includes(known))) {
    return refuse(`${file.name} holds none of the lists Garmin pushes, such as "dailies".`);
  }
  return { ok: true, parts: splitLists(json.text, LISTS, { pageBytes: PAGE_BYTES }) };
}

function refuse(detail: string): ImportResult {
  const remedy = 'Import the body of a push as it was received, or a saved list with --type, such as garmin.dailies.';
  return { ok: false, code: 'unknown_format', detail, remedy };
}
