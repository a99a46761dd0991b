import type { FaultName } from '../fault.ts';
import type { Notice, Try } from './simulation.ts';
import type { World } from './world.ts';

/** What became of notices: `lost` ones were refused at every try. */
export interface Sent {
  readonly notices: number;
  readonly tries: number;
  readonly lost: number;
}

/** Brings notices to the product as a provider does: tried until taken, and with whatever goes wrong today. */
export interface Post {
  /** Lanes of accounts beside each other, within one in order. Those that are late wait for `rest`. */
  send(notices: readonly Notice[], schedule: readonly number[]): Promise<Sent>;
  /** Sends what is late, and everything again where that is the fault. */
  rest(): Promise<Sent>;
  /** The last notice again; undefined when there was none. */
  last(): Promise<Sent | undefined>;
}

interface Item {
  readonly notice: Notice;
  readonly schedule: readonly number[];
}

const HURRY = 0.001;
const SKEW_MS = 90_000;
const LANES = 4;
const FAULTY = ['truncated_body', 'wrong_signature', 'reset_after_served', 'clock_skew', 'duplicate'] as const;

export function createPost(world: World): Post {
  const { clock, faults, hurry = HURRY } = world.options;
  const sent: Item[] = [];
  let late: Item[] = [];

  async function attempt(notice: Notice, one: Partial<Try>, fault?: FaultName): Promise<number> {
    const atMs = clock.now();
    const made = { body: notice.body, atMs, wrong: false, ...one };
    const { url, headers } = notice.make(made);
    const status = await world
      .fetch(url, { method: 'POST', headers, body: made.body, signal: world.stop.signal })
      .then(async (answer) => {
        // The connection is free again only when the answer was read.
        await answer.arrayBuffer();
        return answer.status;
      })
      .catch(() => 0);
    world.log.add({ provider: notice.provider, direction: 'out', what: `notice ${notice.name}`, status, fault });
    return status;
  }

  async function deliver({ notice, schedule }: Item): Promise<{ readonly taken: boolean; readonly tries: number }> {
    const fault = world.trouble.pick(FAULTY, `${notice.provider}/${notice.account} ${notice.name}`);
    const spoilt = spoiltBy(fault, notice);
    if (spoilt !== undefined) await attempt(notice, spoilt, fault);
    let tries = spoilt === undefined ? 0 : 1;
    for (const pauseS of schedule) {
      if (pauseS > 0) await clock.sleep(pauseS * 1000 * hurry, world.stop.signal).catch(() => undefined);
      if (world.stop.signal.aborted) break;
      const skewed = fault === 'clock_skew';
      const status = await attempt(notice, skewed ? { atMs: clock.now() - SKEW_MS } : {}, skewed ? fault : undefined);
      tries += 1;
      if (status === 410) notice.onGone?.();
      if (status === 410) break;
      if (status >= 200 && status < 300) return { taken: true, tries };
    }
    return { taken: false, tries };
  }

  async function bring(items: readonly Item[]): Promise<Sent> {
    let [tries, lost] = [0, 0];
    const lanes = new Map<string, Item[]>();
    for (const item of items) {
      const name = `${item.notice.provider}/${item.notice.account}`;
      lanes.set(name, [...(lanes.get(name) ?? []), item]);
    }
    const waiting = [...lanes.values()];
    const worker = async (): Promise<void> => {
      for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
        for (const item of lane) {
          const done = await deliver(item);
          tries += done.tries;
          if (!done.taken) lost += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, worker));
    return { notices: items.length, tries, lost };
  }

  const hit = (name: FaultName, { provider, account, name: what }: Notice): boolean =>
    faults.hits(name, `${provider}/${account} ${what}`);

  return {
    send(notices, schedule) {
      const items = notices.map((notice) => ({ notice, schedule }));
      sent.push(...items);
      const waits = new Set(items.filter(({ notice }) => hit('late', notice)));
      late.push(...waits);
      return bring(
        swapped(
          items.filter((item) => !waits.has(item)),
          ({ notice }) => hit('reorder', notice),
        ),
      );
    },
    async rest() {
      const items = late;
      late = [];
      const again = sent.filter(({ notice }) => hit('redeliver_all', notice));
      return bring([...items, ...again]);
    },
    async last() {
      const item = sent.at(-1);
      return item === undefined ? undefined : bring([item]);
    },
  };
}

/** How a notice is sent once before it is sent rightly; undefined when it is not. */
function spoiltBy(fault: FaultName | undefined, { body }: Notice): Partial<Try> | undefined {
  if (fault === 'truncated_body') return { body: half(body) };
  if (fault === 'wrong_signature') return { wrong: true };
  // Taken, but nobody here hears of it.
  return fault === 'reset_after_served' || fault === 'duplicate' ? {} : undefined;
}

const half = (body: string): string => body.slice(0, Math.ceil(body.length / 2));

/** Each one that is chosen changes places with the one before it. */
function swapped<T>(items: readonly T[], chosen: (item: T) => boolean): T[] {
  const order = [...items];
  for (const [at, item] of items.entries()) {
    const before = order[at - 1];
    if (before === undefined || !chosen(item)) continue;
    order[at - 1] = item;
    order[at] = before;
  }
  return order;
}
