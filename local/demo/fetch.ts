import { backfill } from '../../app/collect/backfill.ts';
import { backfillId, readBackfill } from '../../app/collect/backfill-record.ts';
import { listNotices } from '../../app/collect/waiting.ts';
import { collectNotices } from '../../app/collect/notices.ts';
import { collectOverdue } from '../../app/collect/overdue.ts';
import { pendingOf } from '../../app/collect/pending.ts';
import { collectDaily } from '../../app/collect/schedule.ts';
import { ensureSubscriptions } from '../../app/collect/subscriptions.ts';
import { refreshDue } from '../../app/refresh.ts';
import type { LocalRuntime } from '../runtime.ts';
import type { Guest } from '../sandbox/welcome.ts';
import type { Served } from '../server.ts';
import type { DemoClock } from './clock.ts';
import type { Stage } from './stage.ts';
import { visit } from './visitor.ts';

export interface Fetching {
  readonly runtime: LocalRuntime;
  readonly served: Served;
  readonly stage: Stage;
  readonly clock: DemoClock;
  /** How the providers go wrong, if they do: then there is something to wait for. */
  readonly trouble: 'recoverable' | 'terminal' | undefined;
}

/** A connection the demo made. */
export interface Made {
  readonly connectionId: string;
  readonly provider: string;
  readonly userId: string;
}

/** More than any mixture of faults that pass needs; where one of them stays, waiting helps nobody. */
const ROUNDS = { recoverable: 600, terminal: 8 };
const BREATH_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const LOOK_AGAIN_MS = 100;
const LONG_MS = 4 * HOUR_MS;

/** Connects everybody with the providers that hold something of them, in the browser, and waits for their first days and subscriptions. */
export async function connectAll(fetching: Fetching, guests: readonly Guest[]): Promise<readonly Made[]> {
  const { runtime, served, stage } = fetching;
  const visitor = await visit(served.url, runtime.ownerToken);
  const made: Made[] = [];
  for (const { provider, externalId, person } of stage.sandbox.horizon.holdings) {
    const userId = guests[person]?.user.user_id;
    if (userId === undefined) throw new RangeError(`There is no person ${person}.`);
    const consent = (address: string): Promise<string> => stage.sandbox.consent(provider, address, externalId);
    made.push({ provider, userId, connectionId: await visitor.connect(provider, userId, consent) });
  }
  await patiently(fetching, async () => {
    // The first fetch begins by itself, and ends with the beginning of a backfill.
    for (const { connectionId } of made) await begun(fetching, connectionId);
    for (const { connectionId } of made) await subscribe(fetching, connectionId);
  });
  return made;
}

async function begun({ runtime, clock }: Fetching, connectionId: string): Promise<void> {
  const untilMs = clock.now() + LONG_MS;
  while ((await readBackfill(runtime, backfillId(connectionId))) === undefined && clock.now() < untilMs)
    await clock.sleep(LOOK_AGAIN_MS);
}

async function subscribe(fetching: Fetching, connectionId: string): Promise<void> {
  const { runtime, clock } = fetching;
  for (let n = 0; n < roundsOf(fetching); n += 1) {
    const records = await ensureSubscriptions(runtime, { fresh: connectionId });
    if (records.every(({ problem }) => problem === null)) return;
    await clock.sleep(BREATH_MS);
  }
}

/** Fetches the days before the connection was made. */
export async function fetchPast(
  fetching: Fetching,
  made: readonly Made[],
  days: { readonly from: string; readonly to: string },
): Promise<void> {
  await patiently(fetching, async () => {
    for (const { provider, userId } of made) await fetchBefore(fetching, { provider, userId, ...days });
  });
}

/** Lets the providers come to know the last days, and fetches what they tell of; answers how many notices they sent. */
export async function fetchNews(fetching: Fetching): Promise<number> {
  const { sandbox } = fetching.stage;
  const known = sandbox.horizon.holdings.flatMap(({ records }) => records.map(({ knownAtS }) => knownAtS));
  const { notices } = await sandbox.release(known.reduce((last, s) => Math.max(last, s), 0));
  await patiently(fetching, () => finish(fetching));
  const { notices: again } = await sandbox.rest();
  await patiently(fetching, () => finish(fetching));
  if (fetching.trouble === 'recoverable') await nextMorning(fetching);
  return notices + again;
}

async function fetchBefore(fetching: Fetching, request: Parameters<typeof backfill>[1]): Promise<void> {
  for (let n = 0; n < roundsOf(fetching); n += 1) {
    const reports = await backfill(fetching.runtime, request);
    if (reports.every(({ state }) => state === 'finished')) return;
    await pass(fetching, Math.max(...reports.map(({ retry_at: at }) => (at === null ? 0 : Date.parse(at)))));
  }
}

/** Until nothing is noted for later. */
async function finish(fetching: Fetching): Promise<void> {
  const { runtime } = fetching;
  for (let n = 0; n < roundsOf(fetching); n += 1) {
    await collectNotices(runtime);
    await collectOverdue(runtime);
    const pending = await pendingOf(runtime);
    if (pending.length + (await listNotices(runtime)).length === 0) return;
    await pass(fetching, Math.min(...pending.map(({ notBeforeMs }) => notBeforeMs)));
  }
}

/** What came late was there already, and only a new look says that nothing is left to fetch. */
async function nextMorning(fetching: Fetching): Promise<void> {
  for (let hour = 0; hour < DAY_HOURS; hour += 1) await pass(fetching, Infinity);
  await patiently(fetching, async () => {
    await collectDaily(fetching.runtime);
    await finish(fetching);
  });
}

/** The next hour is there, or `untilMs` if that is sooner; tokens are looked after as with every sweep. */
async function pass({ runtime, clock }: Fetching, untilMs: number): Promise<void> {
  clock.skip(Math.min(HOUR_MS, Math.max(BREATH_MS, untilMs - clock.now())));
  await refreshDue(runtime);
}

const roundsOf = ({ trouble = 'recoverable' }: Fetching): number => ROUNDS[trouble];

/** Where providers ask to be left alone the time goes faster. */
function patiently<T>({ clock, trouble }: Fetching, work: () => Promise<T>): Promise<T> {
  return trouble !== undefined ? clock.hurry(work) : work();
}
