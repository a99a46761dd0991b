import { setCondition } from '../condition.ts';
import { sayDone } from './done.ts';
import { endGrant } from './ended.ts';
import { follow } from './follow.ts';
import { type Fetching, fetchStream, MOST_WINDOWS } from './fetch.ts';
import { type Hold, holding } from './hold.ts';
import { askAgain } from './lost.ts';
import { type Address, finishedOf, plan, taskOf, type Plan, type Task } from './meaning.ts';
import { finish, type Notice, noticeOf, unfinished } from './notice.ts';
import type { StreamReport } from './report.ts';
import { retract } from './retraction.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import { refreshed, type Source, sources } from './source.ts';
import { fetchThings, isTakenOver } from './things.ts';
import { findNotices, noteLook } from './waiting.ts';

/** What became of the notices that were not finished. */
export interface NoticesReport {
  readonly finished: number;
  /** Still to be done: by whoever fetches for that connection, or by the next sweep. */
  readonly left: number;
  /** Of accounts nobody has connected. */
  readonly unclaimed: number;
  readonly streams: readonly StreamReport[];
}

/** What the options of `collectNotices` say. */
export interface NoticesOptions extends Patience {
  /** Only these raw objects, as events name them; all unfinished ones of the last thirty days when absent. */
  readonly keys?: readonly string[] | undefined;
}

/** How long a burst waits for the one who fetches already. */
const WAIT_MS = 30_000;

/**
 * Does what stored notices ask for: many notices of one connection and type are one fetch. A notice is finished when everything it asked for is
 * stored, noted as days to be fetched or sent again, or refused for a stated reason; asking again is safe. Never throws for what a provider does.
 */
export async function collectNotices(runtime: CollectRuntime, options: NoticesOptions = {}): Promise<NoticesReport> {
  const lookedAt = runtime.clock.now();
  const named = options.keys?.map(noticeOf).filter((notice) => notice !== undefined);
  const found = named === undefined ? await findNotices(runtime) : undefined;
  const open = found === undefined ? await unfinished(runtime, named ?? []) : [...found.open, ...found.unclaimed];
  const known = await sources(runtime);
  const total = { finished: 0, unclaimed: 0 };
  const streams: StreamReport[] = [];
  const left = new Set<Notice>();
  for (const group of groups(open)) {
    const { provider, account } = group[0];
    const tied = known.filter((one) => one.provider.id === provider && one.connection.account === account);
    const source = tied.find(({ connection }) => connection.state === 'active') ?? tied[0];
    if (source === undefined) {
      total.unclaimed += group.length;
      continue;
    }
    const wait = { waitMs: WAIT_MS, signal: options.signal };
    const work = (hold: Hold) => serve(runtime, source, group, { ...options, ...hold, most: MOST_WINDOWS });
    const served = await holding(runtime, source.connection.connection_id, wait, work);
    total.finished += served?.finished.length ?? 0;
    streams.push(...(served?.streams ?? []));
    const done = new Set(served?.finished ?? []);
    for (const notice of group) if (!done.has(notice)) left.add(notice);
  }
  if (found !== undefined) await noteLook(runtime, found, left, lookedAt);
  return { ...total, left: left.size, streams };
}

type Group = readonly [Notice, ...Notice[]];

function groups(notices: readonly Notice[]): readonly Group[] {
  const byAccount = new Map<string, [Notice, ...Notice[]]>();
  for (const notice of notices) {
    const id = `${notice.provider}/${notice.account}`;
    const group = byAccount.get(id);
    if (group === undefined) byAccount.set(id, [notice]);
    else group.push(notice);
  }
  return [...byAccount.values()];
}

/** Serves the notices of one connection; only inside `holding`. */
async function serve(
  runtime: CollectRuntime,
  source: Source,
  notices: readonly Notice[],
  fetching: Fetching,
): Promise<{ readonly finished: readonly Notice[]; readonly streams: readonly StreamReport[] }> {
  // Whoever held it before may have done them.
  const open = await unfinished(runtime, notices);
  const done = notices.filter((notice) => !open.includes(notice));
  const current = await refreshed(runtime, source);
  if (current === undefined || open.length === 0) return { finished: done, streams: [] };
  const wishes = await plan(runtime, current, open);
  const left = new Set<Task>(await control(runtime, current, wishes, fetching));
  const now = await refreshed(runtime, current);
  const fetched = now === undefined ? undefined : await bring(runtime, now, wishes, fetching);
  for (const task of fetched?.left ?? dataTasks(wishes)) left.add(task);
  const finished = finishedOf(wishes, left);
  const isOver = new Set(finished);
  const waiting = open.filter((notice) => !isOver.has(notice));
  await sayDone(runtime, current, { brought: fetched?.brought === true, finished, left: waiting });
  await finish(runtime, finished);
  return { finished: [...done, ...finished], streams: fetched?.streams ?? [] };
}

/** What is said about the connection itself; answers the tasks that are left. */
async function control(
  runtime: CollectRuntime,
  source: Source,
  wishes: Plan,
  patience: Patience,
): Promise<readonly Task[]> {
  const { connection_id: id, state, cause } = source.connection;
  const { permissions, ended, deleted } = wishes;
  if (permissions !== undefined) {
    const last = (await runtime.state.get<{ readonly atMs: number }>('permissions', id))?.value.atMs ?? -Infinity;
    // They may come in any order; the newest by the provider's own count is what holds.
    if (permissions.atMs >= last && state !== 'disconnected') {
      await setCondition(runtime, id, { state, cause, scopes: permissions.scopes });
      await runtime.state.put('permissions', id, { atMs: permissions.atMs });
    }
  }
  await retract(runtime, source, deleted);
  if (ended === undefined || (await endGrant(runtime, source, ended.how, patience))) return [];
  return [taskOf(ended)];
}

function dataTasks({ tasks }: Plan): readonly Task[] {
  return [...tasks.values()].flat().filter((task) => /^(fetch|id|follow) /.test(task));
}

/**
 * Fetches and follows; answers the tasks that are left. Days are noted where they are not answered, so that none of theirs is; what names a
 * thing or an address waits for a connection that can be asked. `brought`: something new is stored.
 */
async function bring(
  runtime: CollectRuntime,
  source: Source,
  wishes: Plan,
  fetching: Fetching,
): Promise<{ readonly left: readonly Task[]; readonly streams: readonly StreamReport[]; readonly brought: boolean }> {
  const left: Task[] = [];
  const streams: StreamReport[] = [];
  const isActive = source.connection.state === 'active';
  const lost: Address[] = [];
  let brought = false;
  for (const [task, meaning] of wishes.follow) {
    const mayAsk = isActive && (await fetching.renew());
    const followed = mayAsk ? await follow(runtime, source, meaning, fetching) : 'left';
    if (followed === 'left') left.push(task);
    if (followed === 'lost') lost.push(meaning);
    brought ||= followed === 'stored';
  }
  await askAgain(runtime, source, lost);
  // A type the provider's file does not fetch has nothing to wait for.
  for (const stream of source.provider.collect.streams) {
    const { type } = stream;
    const days = wishes.days.get(type) ?? [];
    const ids = wishes.ids.get(type) ?? new Set<string>();
    const things = isActive && ids.size > 0;
    const fetched = things
      ? await fetchThings(runtime, source, stream, ids, days, fetching)
      : { reports: days.length === 0 ? [] : [await fetchStream(runtime, source, stream, days, fetching)], left: ids };
    streams.push(...fetched.reports);
    left.push(...[...fetched.left].map((id) => taskOf({ kind: 'fetch', type, id })));
    if (fetched.reports.some(isTakenOver)) left.push(taskOf({ kind: 'fetch', type }));
  }
  return { left, streams, brought: brought || streams.some(({ objects }) => objects > 0) };
}
