import { createHash } from 'node:crypto';
import type { HeldRecord } from '../../holding.ts';
import type { Grant } from '../ledger.ts';
import { pageOf, renamed, type ServedFault } from '../paging.ts';
import type { World } from '../world.ts';
import { failed, ok } from './answer.ts';
import { measuresOf, narrow } from './fields.ts';

type Form = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, unknown>>;

interface Action {
  readonly scope: string;
  readonly type: string;
  /** The list's name in the body. */
  readonly list: string;
  readonly by: 'instants' | 'dates';
  /** Longest window that is answered; the rest of a longer one is not. */
  readonly mostS?: number;
}

const DAY_S = 86_400;
const PAGE = 300;

/** By path and action. */
const ACTIONS: Readonly<Record<string, Action>> = {
  '/measure getmeas': { scope: 'user.metrics', type: 'getmeas', list: 'measuregrps', by: 'instants' },
  '/v2/measure getactivity': { scope: 'user.activity', type: 'getactivity', list: 'activities', by: 'dates' },
  '/v2/measure getintradayactivity': {
    scope: 'user.activity',
    type: 'getintradayactivity',
    list: 'series',
    by: 'instants',
    mostS: DAY_S,
  },
  '/v2/measure getworkouts': { scope: 'user.activity', type: 'getworkouts', list: 'series', by: 'dates' },
  '/v2/sleep get': { scope: 'user.activity', type: 'sleep-get', list: 'series', by: 'instants', mostS: 7 * DAY_S },
  '/v2/sleep getsummary': { scope: 'user.activity', type: 'sleep-getsummary', list: 'series', by: 'dates' },
};

/** Answers a data call of a form by POST; `path` as documented. */
export function serveData(
  world: World,
  path: string,
  form: Form,
  grant: Grant,
  fault: ServedFault | undefined,
): Response {
  const action = ACTIONS[`${path} ${form['action'] ?? ''}`];
  if (action === undefined) return failed(501);
  if (!grant.scopes.includes(action.scope)) return failed(214);
  const held = world.horizon.known('withings', grant.externalId, action.type);
  const found = held.filter((record) => isAsked(record, action, form));
  if (action.type === 'getintradayactivity') return ok({ series: seriesOf(found, form) });

  // Rows come in no order, but in the same one for every page; the parts of nights come all at once.
  const rows = found.toSorted((a, b) => (rank(a.id) < rank(b.id) ? -1 : 1)).flatMap((record) => rowOf(record, form));
  if (action.type === 'sleep-get') return ok({ series: renamed(rows, fault), model: 32, model_id: 63 });
  const page = pageOf(rows, numberOf(form['offset']) ?? 0, world.options.pageSize ?? PAGE, fault);
  const list = { [action.list]: renamed(page.items, fault) };
  const more = page.next !== undefined;
  const offset = page.next ?? 0;
  if (action.type !== 'getmeas') return ok({ ...list, more, offset });
  const timezone = world.horizon.find('withings', grant.externalId)?.zone;
  // A number here, where the other calls write true and false; and behind the last page not at all.
  return ok({ updatetime: world.horizon.nowS(), timezone, ...list, ...(more ? { more: 1, offset } : {}) });
}

const rank = (id: string): string => createHash('sha256').update(id).digest('hex');

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);

function isAsked(held: HeldRecord, { by, mostS }: Action, form: Form): boolean {
  const category = held.record['category'];
  const asked = numberOf(form['category']);
  if (asked !== undefined && category !== undefined && category !== asked) return false;
  const since = numberOf(form['lastupdate']);
  if (since !== undefined) return Number(held.record['modified'] ?? held.knownAtS) > since;
  if (by === 'dates') return held.day >= (form['startdateymd'] ?? '') && held.day <= (form['enddateymd'] ?? '9');
  const from = numberOf(form['startdate']) ?? 0;
  const to = Math.min(numberOf(form['enddate']) ?? Infinity, from + (mostS ?? Infinity));
  return held.toS >= from && held.fromS <= to;
}

function rowOf({ type, record }: HeldRecord, form: Form): Row[] {
  const types = (form['meastypes'] ?? form['meastype'] ?? '').split(',').filter((text) => text !== '');
  const row = type === 'getmeas' ? measuresOf(record, types) : narrow(type, record, form['data_fields']);
  return row === undefined ? [] : [row];
}

/** One object keyed by epoch second; an empty one is written as a list. */
function seriesOf(found: readonly HeldRecord[], form: Form): Readonly<Record<string, Row>> | readonly never[] {
  const from = numberOf(form['startdate']) ?? 0;
  const to = Math.min(numberOf(form['enddate']) ?? Infinity, from + DAY_S);
  const entries = found.flatMap(({ record, fromS }): (readonly [string, unknown])[] =>
    Object.keys(record).every((key) => /^\d+$/.test(key)) ? Object.entries(record) : [[String(fromS), record]],
  );
  const within = entries.filter(([atS]) => Number(atS) >= from && Number(atS) <= to);
  const rows = within.map(
    ([atS, row]) => [atS, narrow('getintradayactivity', Object(row), form['data_fields'])] as const,
  );
  return rows.length === 0 ? [] : Object.fromEntries(rows);
}

/** What tells one data call from another: the form without anything secret. */
export function streamOf(path: string, form: Form): string {
  const { action = '', startdate, startdateymd, lastupdate, offset = '0' } = form;
  return `${path} ${action} ${startdate ?? startdateymd ?? lastupdate ?? ''} +${offset}`.trim();
}
