import type { NoticeMeaning } from '../../providers/kit/collect.ts';
import { type Notice, readNotice } from './notice.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { type Days, daysOfMeaning, lastDays } from './window.ts';

type Of<K extends NoticeMeaning['kind']> = Extract<NoticeMeaning, { readonly kind: K }>;

/** Names one thing to do, so that a notice is finished when none of its own is left: `fetch sleep`, `id sleep 8f9a`. */
export type Task = string;

/** An address, and when it was named. */
export type Address = Of<'follow'> & { readonly atMs: number };

/** All that the unfinished notices of one connection ask for, every wish once. */
export interface Plan {
  /** The tasks of each notice; none for one that asks for nothing. */
  readonly tasks: ReadonlyMap<Notice, readonly Task[]>;
  readonly days: ReadonlyMap<string, readonly Days[]>;
  /** By type: single things that were only named. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** `atMs`: when the notice came. */
  readonly follow: ReadonlyMap<Task, Address>;
  /** `atMs`: when the notice came; what is received later was said afterwards. */
  readonly deleted: readonly (Of<'deleted'> & { readonly atMs: number })[];
  readonly ended: Of<'ended'> | undefined;
  readonly permissions: Of<'permissions'> | undefined;
}

/** Reads what the notices mean and folds it together; a shape the provider's file does not know asks for nothing. */
export async function plan(runtime: CollectRuntime, source: Source, notices: readonly Notice[]): Promise<Plan> {
  const tasks = new Map<Notice, Task[]>();
  const days = new Map<string, Days[]>();
  const ids = new Map<string, Set<string>>();
  const follow = new Map<Task, Address>();
  const deleted: (Of<'deleted'> & { readonly atMs: number })[] = [];
  let ended: Of<'ended'> | undefined;
  let permissions: Of<'permissions'> | undefined;
  for (const notice of notices.toSorted((a, b) => a.receivedAt - b.receivedAt)) {
    const mine: Task[] = [];
    for (const meaning of await meaningsOf(runtime, source, notice)) {
      const task = taskOf(meaning);
      mine.push(task);
      switch (meaning.kind) {
        case 'fetch':
          if (meaning.id === undefined)
            days.set(meaning.type, [...(days.get(meaning.type) ?? []), daysFor(runtime, source, meaning)]);
          else ids.set(meaning.type, (ids.get(meaning.type) ?? new Set()).add(meaning.id));
          break;
        case 'follow':
          follow.set(task, { ...meaning, atMs: notice.receivedAt });
          break;
        case 'deleted':
          deleted.push({ ...meaning, atMs: notice.receivedAt });
          break;
        case 'ended':
          ended = meaning;
          break;
        case 'permissions':
          if (permissions === undefined || meaning.atMs >= permissions.atMs) permissions = meaning;
          break;
      }
    }
    tasks.set(notice, mine);
  }
  return { tasks, days, ids, follow, deleted, ended, permissions };
}

/** The notices of which no task is left. */
export function finishedOf({ tasks }: Plan, left: ReadonlySet<Task>): readonly Notice[] {
  return [...tasks].filter(([, mine]) => !mine.some((task) => left.has(task))).map(([notice]) => notice);
}

/** The task of a meaning: two notices that ask for the same thing share it. */
export function taskOf(meaning: NoticeMeaning): Task {
  switch (meaning.kind) {
    case 'fetch':
      return meaning.id === undefined ? `fetch ${meaning.type}` : `id ${meaning.type} ${meaning.id}`;
    case 'follow':
      return `follow ${meaning.type} ${meaning.url}`;
    case 'deleted':
      return `deleted ${meaning.type} ${meaning.id}`;
    case 'ended':
    case 'permissions':
      break;
  }
  return meaning.kind;
}

function daysFor(runtime: CollectRuntime, { provider, zone }: Source, meaning: Of<'fetch'>): Days {
  const now = runtime.clock.now();
  const days = daysOfMeaning(meaning, now, zone, provider.collect.backfillDays);
  if (days?.clipped === true) runtime.counters?.count(provider.id, 'notice_clipped');
  return days === undefined ? lastDays(now, zone, runtime.lookbackDays) : { from: days.from, to: days.to };
}

async function meaningsOf(
  runtime: CollectRuntime,
  { provider }: Source,
  notice: Notice,
): Promise<readonly NoticeMeaning[]> {
  try {
    return provider.collect.readNotice(await readNotice(runtime, notice), notice.resource);
  } catch (error) {
    // Only what is wrong with the notice itself: storage that does not answer is no reason to call it done.
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    runtime.counters?.count(provider.id, 'notice_unreadable');
    return [];
  }
}
