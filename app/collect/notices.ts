import { setCondition } from '../condition.ts';
import { endGrant } from './ended.ts';
import { follow } from './follow.ts';
import { type Fetching, fetchStream } from './fetch.ts';
import { type Hold, holding } from './hold.ts';
import { finishedOf, plan, taskOf, type Plan, type Task } from './meaning.ts';
import { finish, listNotices, type Notice, noteOldest, noticeOf, unfinished } from './notice.ts';
import type { StreamReport } from './report.ts';
import { retract } from './retraction.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import { refreshed, type Source, sources } from './source.ts';
import { fetchThings } from './things.ts';

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
 * Does what stored notices ask for: many notices of one connection and type are one fetch. A notice is finished only when everything it asked
 * for is stored or refused for a reason that is noted; asking again is safe. Never throws for what a provider does.
 */
export async function collectNotices(runtime: CollectRuntime, options: NoticesOptions = {}): Promise<NoticesReport> {
  const lookedAt = runtime.clock.now();
  const named = options.keys?.map(noticeOf).filter((notice) => notice !== undefined);
  const open = named === undefined ? await listNotices(runtime) : await unfinished(runtime, named);
  const known = await sources(runtime);
  const total = { finished: 0, unclaimed: 0 };
  const streams: StreamReport[] = [];
  const left: Notice[] = [];
  for (const group of groups(open)) {
    const { provider, account } = group[0];
    const tied = known.filter((one) => one.provider.id === provider && one.connection.account === account);
    const source = tied.find(({ connection }) => connection.state === 'active') ?? tied[0];
    if (source === undefined) {
      total.unclaimed += group.length;
      left.push(...group);
      continue;
    }
    const wait = { waitMs: WAIT_MS, signal: options.signal };
    const work = (hold: Hold) => serve(runtime, source, group, { ...options, ...hold });
    const served = await holding(runtime, source.connection.connection_id, wait, work);
    total.finished += served?.finished.length ?? 0;
    streams.push(...(served?.streams ?? []));
    const done = new Set(served?.finished ?? []);
    left.push(...group.filter((notice) => !done.has(notice)));
  }
  if (named === undefined) await noteOldest(runtime, left, lookedAt);
  return { ...total, left: left.length - total.unclaimed, streams };
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
  const fetched = now?.connection.state === 'active' ? await bring(runtime, now, wishes, fetching) : undefined;
  for (const task of fetched?.left ?? dataTasks(wishes)) left.add(task);
  const finished = finishedOf(wishes, left);
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

/** Fetches and follows; answers the tasks whose answer is still missing. */
async function bring(
  runtime: CollectRuntime,
  source: Source,
  wishes: Plan,
  fetching: Fetching,
): Promise<{ readonly left: readonly Task[]; readonly streams: readonly StreamReport[] }> {
  const left: Task[] = [];
  const streams: StreamReport[] = [];
  for (const [task, meaning] of wishes.follow) {
    const mayAsk = await fetching.renew();
    if (!mayAsk || !(await follow(runtime, source, meaning, fetching))) left.push(task);
  }
  // A type the provider's file does not fetch has nothing to wait for.
  for (const stream of source.provider.collect.streams) {
    const { type } = stream;
    const days = wishes.days.get(type) ?? [];
    const ids = wishes.ids.get(type);
    if (ids !== undefined) {
      const things = await fetchThings(runtime, source, stream, ids, days, fetching);
      streams.push(...things.reports);
      left.push(...[...things.left].map((id) => taskOf({ kind: 'fetch', type, id })));
      if (things.reports.some(({ outcome }) => outcome === 'later')) left.push(taskOf({ kind: 'fetch', type }));
    } else if (days.length > 0) {
      const report = await fetchStream(runtime, source, stream, days, fetching);
      streams.push(report);
      if (report.outcome === 'later') left.push(taskOf({ kind: 'fetch', type }));
    }
  }
  return { left, streams };
}
