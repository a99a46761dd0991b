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
  /** What of it went to the day, in the unit of the metric: of an interval cut at midnight its piece. Null where nothing is added up. */
  readonly share: number | null;
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
      or (kind in ('sample', 'interval') and start_utc < cast($day as date) + interval '2' day and end_utc > cast($day as date) - interval '1' day))
    order by start_utc nulls first, raw_key, raw_pointer`,
};
const pieces: NamedQuery = {
  name: 'explain.pieces',
  sql: `select provider, account, device, metric, kind, raw_key, raw_pointer, share from (
      select provider, account, device, metric, 'interval' as kind, raw_key, raw_pointer, micro / 1e6 as share, start_s
      from interval_days where user_id = $user_id and metric = $metric and local_date = cast($day as date)
      union all
      select provider, account, device, metric, kind, raw_key, raw_pointer, value as share, null as start_s
      from observations where user_id = $user_id and metric = $metric and local_date = cast($day as date) and kind = 'daily' and stat = 'sum'
    ) p order by start_s nulls first, raw_key, length(raw_pointer), raw_pointer`,
};
const series: NamedQuery = {
  name: 'explain.samples',
  sql: `select provider, account, device, metric, 'sample' as kind, local_date, at_utc as start_utc, at_utc as end_utc, offset_s, raw_key, raw_pointer
    from samples where user_id = $user_id and metric = $metric and local_date = cast($day as date)
    order by at_utc, raw_key, raw_pointer`,
};
const nights: NamedQuery = {
  name: 'explain.nights',
  sql: `select account, device, is_nap, start_utc, end_utc, raw_key, raw_pointer from sleep_sessions
    where user_id = $user_id and local_date = cast($day as date)
    order by account, is_main desc, asleep_s desc nulls last, end_utc - start_utc desc, session_id`,
};
const stages: NamedQuery = {
  name: 'explain.stages',
  sql: `select p.night_key, p.night_pointer, p.raw_key, p.raw_pointer, p.share_s as share
    from night_pieces p join sleep_sessions s
      on s.user_id = p.user_id and s.raw_key = p.night_key and s.raw_pointer = p.night_pointer
    where p.user_id = $user_id and p.metric = $metric and s.local_date = cast($day as date)
    order by p.start_s, p.raw_key, length(p.raw_pointer), p.raw_pointer`,
};
const height: NamedQuery = {
  name: 'explain.height',
  sql: `select provider, account, device, metric, kind, local_date, start_utc, end_utc, offset_s, raw_key, raw_pointer
    from observations where user_id = $user_id and metric = 'height_m' and local_date <= cast($day as date)
    order by local_date desc, start_utc desc nulls last, raw_key desc, raw_pointer desc limit 1`,
};

/** What a source's value is made from where it gave none itself: energy in all is active and basal, the index is weight and height. */
const parts: Readonly<Record<string, readonly string[]>> = {
  energy_total_kcal: ['energy_active_kcal', 'energy_basal_kcal'],
  bmi_kg_m2: ['weight_kg'],
};

/** Of these a value is taken whoever gave it, for the index of any source. */
export const OF_ANY_SOURCE: ReadonlySet<string> = new Set(['height_m']);

const ADDS_UP = new Set(['SUMI', 'SUM', 'TOTAL']);

const contribution = (row: Row): Contribution => ({
  provider: textOf(row['provider']),
  account: textOf(row['account']),
  device: textOf(row['device']),
  metric: textOf(row['metric']),
  kind: textOf(row['kind']),
  raw_key: textOf(row['raw_key']),
  raw_pointer: textOf(row['raw_pointer']),
  share: numberOf(row['share']),
});

const sourceOf = (row: Row): string => `${textOf(row['account'])} ${textOf(row['device'])}`;

/** The session a value was read from: naps stand inside the record of a night, so the nearest around its place. */
function sessionOf(row: Row, sessions: readonly Row[]): Row | undefined {
  const around = sessions.filter(
    (session) =>
      session['raw_key'] === row['raw_key'] &&
      `${textOf(row['raw_pointer'])}/`.startsWith(`${textOf(session['raw_pointer'])}/`),
  );
  return around.toSorted((a, b) => textOf(b['raw_pointer']).length - textOf(a['raw_pointer']).length)[0];
}

/** Of the values near a night those of the night itself: of each source the session that counts, samples inside the best one of its account. */
function ofNight(rows: readonly Row[], sessions: readonly Row[], day: string): readonly Row[] {
  const whole = sessions.filter((session) => session['is_nap'] !== true).toReversed();
  const counted = new Set(new Map(whole.map((session) => [sourceOf(session), session])).values());
  const homes = new Map(whole.map((session) => [session['account'], session]));
  return rows.filter((row) => {
    if (row['kind'] === 'daily') return row['local_date'] === day;
    if (row['kind'] === 'session') {
      const session = sessionOf(row, sessions);
      return session !== undefined && counted.has(session);
    }
    const home = homes.get(row['account']);
    const [at, start, end] = [row['start_utc'], home?.['start_utc'], home?.['end_utc']].map(instantOf);
    return at != null && start != null && end != null && at >= start && at <= end;
  });
}

/** A night made from stages points at its first: in its place the stages that made the value. */
function inStages(rows: readonly Row[], found: readonly Row[]): readonly Row[] {
  return rows.flatMap((row) => {
    const made = found.filter(
      (stage) => stage['night_key'] === row['raw_key'] && stage['night_pointer'] === row['raw_pointer'],
    );
    return made.length === 0 ? [row] : made.map((stage) => ({ ...row, ...stage }));
  });
}

/** The values the sources gave for a metric on a day, and those it is made from for a source that did not give it itself. */
export async function contributionsTo(
  { warehouse }: Pick<Runtime, 'warehouse'>,
  question: Question,
): Promise<readonly Contribution[]> {
  const { userId, day, rule } = question;
  const values = { user_id: userId, day };
  const rowsOf = async (metric: string): Promise<readonly Row[]> => {
    if (ADDS_UP.has(rule)) return warehouse.run(pieces, { ...values, metric });
    const observed = await warehouse.run(near, { ...values, metric });
    if (rule === 'NIGHT') {
      const counted = ofNight(observed, await warehouse.run(nights, values), day);
      return inStages(counted, await warehouse.run(stages, { ...values, metric }));
    }
    const sampled = await warehouse.run(series, { ...values, metric });
    return [...observed, ...sampled].filter((row) => row['local_date'] === day);
  };
  const own = await rowsOf(question.metric);
  const others = (await Promise.all((parts[question.metric] ?? []).map(rowsOf))).flat();
  const tall = question.metric === 'bmi_kg_m2' ? await warehouse.run(height, values) : [];
  return [...own, ...others, ...tall].map(contribution);
}
