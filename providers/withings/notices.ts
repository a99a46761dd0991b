import type { NoticeMeaning } from '../kit/collect.ts';
import { isDate } from '../kit/dates.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Kinds of notice (`appli`) that are asked for, each with the scope it needs. Beds, mattresses and ECGs say nothing we keep. */
export const WANTED: Readonly<Record<string, string>> = {
  1: 'user.metrics',
  2: 'user.metrics',
  4: 'user.metrics',
  16: 'user.activity',
  44: 'user.activity',
  46: 'user.info',
  58: 'user.metrics',
};

const TYPES: Readonly<Record<string, readonly string[]>> = {
  1: ['getmeas'],
  2: ['getmeas'],
  4: ['getmeas'],
  16: ['getactivity', 'getintradayactivity', 'getworkouts'],
  44: ['sleep-get', 'sleep-getsummary'],
  58: ['getmeas'],
};

/** The fields of a notice: it is kept as one JSON string, the text of the form. */
export function formOf(data: unknown): URLSearchParams {
  return new URLSearchParams(typeof data === 'string' ? data : '');
}

/** Whose a notice is; undefined when it names nobody, or several. */
export function userOf(fields: URLSearchParams): string | undefined {
  const [id, ...others] = new Set(fields.getAll('userid'));
  return id === undefined || others.length > 0 || !/^[A-Za-z0-9_-]{1,64}$/.test(id) ? undefined : id;
}

/** What a notice asks for. Its times are those of measuring: they are taken with an hour of margin on either side. */
export function readNotice(data: unknown, resource: string): readonly NoticeMeaning[] {
  if (resource !== 'notice') return [];
  const fields = formOf(data);
  const appli = fields.get('appli') ?? '';
  if (appli === '46') return ended(fields.get('action'));
  const when = whenOf(fields);
  const types = Object.hasOwn(TYPES, appli) ? (TYPES[appli] ?? []) : [];
  return types.map((type) => ({ kind: 'fetch', type, ...when }));
}

function ended(action: string | null): readonly NoticeMeaning[] {
  if (action === 'unlink') return [{ kind: 'ended', how: 'revoked' }];
  return action === 'delete' ? [{ kind: 'ended', how: 'deregistered' }] : [];
}

function whenOf(fields: URLSearchParams): { fromMs?: number; toMs?: number; day?: string } {
  const fromMs = instantOf(fields.get('startdate'));
  const toMs = instantOf(fields.get('enddate'));
  if (fromMs !== undefined && toMs !== undefined && fromMs <= toMs) {
    return { fromMs: fromMs - HOUR_MS, toMs: toMs + HOUR_MS };
  }
  const date = fields.get('date') ?? '';
  if (isDate(date)) return { day: date };
  // One integration saw epoch seconds: whichever local day that is, it lies within a day of them.
  const aboutMs = instantOf(date);
  return aboutMs === undefined ? {} : { fromMs: aboutMs - DAY_MS, toMs: aboutMs + DAY_MS };
}

function instantOf(text: string | null): number | undefined {
  return text !== null && /^[0-9]{9,10}$/.test(text) ? Number(text) * 1000 : undefined;
}
