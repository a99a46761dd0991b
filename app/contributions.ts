import type { NamedQuery, Row } from '../ports/warehouse/warehouse.ts';
import { instantOf, numberOf, textOf } from './cells.ts';
import type { Runtime } from './runtime.ts';

/** One value a source gave for a day, by its place in raw. */
export interface Contribution {
  readonly provider: string;
  readonly account: string;
  readonly device: string;
  readonly metric: string;
  readonly kind: string;
  readonly raw_key: string;
  readonly raw_pointer: string;
}

export interface Question {
  readonly userId: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly metric: string;
  readonly rule: string;
}

const near: NamedQuery = {
  name: 'explain.observations',
  sql: `select provider, account, device, metric, kind, local_date, start_utc, end_utc, offset_s, raw_key, raw_pointer
    from observations
    where user_id = $user_id and metric = $metric and (local_date = cast($day as date)
      or (kind in ('sample', 'interval') and start_utc < cast($day as date) + interval 2 day and end_utc > cast($day as date) - interval 1 day))
    order by start_utc nulls first, raw_key, raw_pointer`,
};
const series: NamedQuery = {
  name: 'explain.samples',
  sql: `select provider, account, device, metric, 'sample' as kind, local_date, at_utc as start_utc, at_utc as end_utc, offset_s, raw_key, raw_pointer
    from samples where user_id = $user_id and metric = $metric and local_date = cast($day as date)
    order by at_utc, raw_key, raw_pointer`,
};
const nights: NamedQuery = {
  name: 'explain.nights',
  sql: `select account, start_utc, end_utc, raw_key, raw_pointer from sleep_sessions
    where user_id = $user_id and local_date = cast($day as date)
    order by account, is_nap, is_main desc, asleep_s desc nulls last, session_id`,
};
const height: NamedQuery = {
  name: 'explain.height',
  sql: `select provider, account, device, metric, kind, local_date, start_utc, end_utc, offset_s, raw_key, raw_pointer
    from observations where user_id = $user_id and metric = 'height_m' and local_date <= cast($day as date)
    order by local_date desc, start_utc desc nulls last, raw_key desc, raw_pointer desc limit 1`,
};

/** What a value is made from where no source gave it: energy in all is active and basal, the index is weight and height. */
const parts: Readonly<Record<string, readonly string[]>> = {
  energy_total_kcal: ['energy_active_kcal', 'energy_basal_kcal'],
  bmi_kg_m2: ['weight_kg'],
};

const ADDS_UP = new Set(['SUMI', 'SUM', 'TOTAL']);
const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether some of an interval lies in the local day; anything else is of the day its row says. */
function touches(row: Row, day: string, rule: string): boolean {
  const [start, end] = [instantOf(row['start_utc']), instantOf(row['end_utc'])];
  const isInterval = row['kind'] === 'interval' || row['kind'] === 'sample';
  if (!ADDS_UP.has(rule) || !isInterval || start === null || end === null) return row['local_date'] === day;
  const from = Date.parse(`${day}T00:00:00Z`) - (numberOf(row['offset_s']) ?? 0) * 1000;
  return start < from + DAY_MS && Math.max(end, start + 1000) > from;
}

const contribution = (row: Row): Contribution => ({
  provider: textOf(row['provider']),
  account: textOf(row['account']),
  device: textOf(row['device']),
  metric: textOf(row['metric']),
  kind: textOf(row['kind']),
  raw_key: textOf(row['raw_key']),
  raw_pointer: textOf(row['raw_pointer']),
});

/** Of the values near a night those of the night itself: of each account the session that counts, else samples inside it. */
function ofNight(rows: readonly Row[], sessions: readonly Row[], day: string): readonly Row[] {
  const first = new Map(sessions.toReversed().map((session) => [textOf(session['account']), session]));
  return rows.filter((row) => {
    const session = first.get(textOf(row['account']));
    if (row['kind'] === 'daily') return row['local_date'] === day;
    if (session === undefined) return false;
    if (row['kind'] === 'session') {
      const inside = textOf(row['raw_pointer']).startsWith(`${textOf(session['raw_pointer'])}/`);
      return inside && row['raw_key'] === session['raw_key'];
    }
    const at = instantOf(row['start_utc']);
    const [start, end] = [instantOf(session['start_utc']), instantOf(session['end_utc'])];
    return at !== null && start !== null && end !== null && at >= start && at <= end;
  });
}

/** The values the sources gave for a metric on a day, those a derived value is made from when none gave it itself. */
export async function contributionsTo(
  { warehouse }: Pick<Runtime, 'warehouse'>,
  question: Question,
): Promise<readonly Contribution[]> {
  const { userId, day, rule } = question;
  const values = { user_id: userId, day };
  const rowsOf = async (metric: string): Promise<readonly Row[]> => {
    const observed = await warehouse.run(near, { ...values, metric });
    if (rule === 'NIGHT') return ofNight(observed, await warehouse.run(nights, values), day);
    const sampled = ADDS_UP.has(rule) ? [] : await warehouse.run(series, { ...values, metric });
    return [...observed, ...sampled].filter((row) => touches(row, day, rule));
  };
  const own = await rowsOf(question.metric);
  const made = own.length > 0 ? [] : (parts[question.metric] ?? []);
  const others = (await Promise.all(made.map(rowsOf))).flat();
  const tall = question.metric === 'bmi_kg_m2' && own.length === 0 ? await warehouse.run(height, values) : [];
  return [...own, ...others, ...tall].map(contribution);
}
