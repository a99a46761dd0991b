import { utcDate } from '../keys.ts';
import { everyRecord } from '../tie.ts';
import { type Notice, noticeOf, unfinished } from './notice.ts';
import { DAY_MS, type CollectRuntime } from './runtime.ts';

/** Older ones are past asking for. */
export const OLDEST_DAYS = 30;
/** The date from which the next look goes through what is stored. */
const SINCE = ['notices', 'since'] as const;
/** Notices of connected accounts that a look has left, by raw key. */
const LEFT = 'notice_left';
/** Dates between which accounts nobody has connected sent notices: of those a look reads nothing until somebody has. */
const UNCLAIMED = 'notice_unclaimed';

interface Unclaimed {
  readonly first: string;
  readonly last: string;
}

type LookRuntime = Pick<CollectRuntime, 'objects' | 'state' | 'clock'>;

/** Notices that are not finished. */
export interface Found {
  /** Of accounts somebody has connected. */
  readonly open: readonly Notice[];
  /** Of other accounts, as far as they are new. */
  readonly unclaimed: readonly Notice[];
  /** Accounts that have been connected since the last look. */
  readonly claimed: readonly string[];
}

/** Unfinished notices of the last thirty days of accounts somebody has connected. */
export async function listNotices(runtime: LookRuntime): Promise<readonly Notice[]> {
  return (await findNotices(runtime)).open;
}

/** What is new since the last look, what it left, and what waited for its account to be connected. */
export async function findNotices({ objects, state, clock }: LookRuntime): Promise<Found> {
  const oldest = utcDate(clock.now() - OLDEST_DAYS * DAY_MS);
  const since = laterOf(oldest, (await state.get<{ readonly date: string }>(...SINCE))?.value.date ?? oldest);
  const tied = new Set((await everyRecord(state)).filter((one) => one.state !== 'disconnected').map(placeOf));
  const claimed = new Map(
    (await state.list<Unclaimed>(UNCLAIMED))
      .filter(({ id }) => tied.has(id))
      .map(({ id, value }) => [id, laterOf(oldest, value.first)]),
  );
  const found = new Map<string, Notice>();
  const from = [since, ...claimed.values()].toSorted()[0] ?? since;
  for await (const { key } of objects.list('raw/', { after: `raw/${from}` })) {
    const notice = noticeOf(key);
    if (notice !== undefined && notice.date >= (claimed.get(placeOf(notice)) ?? since)) found.set(key, notice);
  }
  for (const { id } of await state.list(LEFT)) {
    const notice = noticeOf(id);
    if (notice !== undefined) found.set(id, notice);
  }
  const all = await unfinished({ state }, [...found.values()]);
  return {
    open: all.filter((notice) => tied.has(placeOf(notice))),
    unclaimed: all.filter((notice) => !tied.has(placeOf(notice))),
    claimed: [...claimed.keys()],
  };
}

/** Remembers what a look left, so that the next one reads only that and what is new. */
export async function noteLook(
  { state, clock }: Pick<CollectRuntime, 'state' | 'clock'>,
  { unclaimed, claimed }: Found,
  left: ReadonlySet<Notice>,
  lookedAt: number,
): Promise<void> {
  const keys = new Set([...left].map(({ key }) => key));
  for (const { id } of await state.list(LEFT)) if (!keys.has(id)) await state.delete(LEFT, id);
  for (const { key, receivedAt } of left) {
    await state.put(LEFT, key, {}, { expiresAt: receivedAt + OLDEST_DAYS * DAY_MS });
  }
  const dates = new Map<string, Unclaimed>();
  for (const notice of unclaimed) {
    const { first, last } = dates.get(placeOf(notice)) ?? { first: notice.date, last: notice.date };
    const [earlier, later] = [notice.date < first ? notice.date : first, laterOf(notice.date, last)];
    dates.set(placeOf(notice), { first: earlier, last: later });
  }
  for (const [place, { first, last }] of dates) {
    const there = (await state.get<Unclaimed>(UNCLAIMED, place))?.value ?? { first, last: '' };
    if (there.first <= first && there.last >= last) continue;
    const value = { first: there.first < first ? there.first : first, last: laterOf(there.last, last) };
    // A notice is listed under the date of its receive time: the last one is past asking for by then.
    const expiresAt = Date.parse(value.last) + (OLDEST_DAYS + 1) * DAY_MS;
    await state.put(UNCLAIMED, place, value, { expiresAt });
  }
  for (const place of claimed) await state.delete(UNCLAIMED, place);
  // Yesterday covers a notice written across midnight.
  const date = utcDate(Math.min(lookedAt, clock.now()) - DAY_MS);
  await state.put(...SINCE, { date });
}

function placeOf({ provider, account }: Pick<Notice, 'provider' | 'account'>): string {
  return `${provider}/${account}`;
}

function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}
