import { type Counters, type Counts, createCounters } from './counters.ts';
import { utcDate } from './keys.ts';
import type { Runtime } from './runtime.ts';

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;
const KIND = 'counted';

/** Times by reason, of one provider and day of UTC: the record's id is `<date>/<provider>`. */
type Times = Readonly<Record<string, number>>;

/**
 * Adds what this process has counted to what all have, a record a provider and day; asked for with every sweep and at the end, so that
 * no delivery costs a write: what is killed loses its last minutes. Answers how many providers; throws where it cannot be written, and then it is counted again.
 */
export async function noteCounts(runtime: Pick<Runtime, 'state' | 'clock' | 'counters'>): Promise<number> {
  const left = new Map(Object.entries(runtime.counters?.take() ?? {}));
  const { size } = left;
  try {
    for (const [provider, times] of left) {
      await note(runtime, provider, times);
      left.delete(provider);
    }
    return size;
  } finally {
    for (const [provider, times] of left) addTo(runtime.counters, provider, times);
  }
}

async function note({ state, clock }: Pick<Runtime, 'state' | 'clock'>, provider: string, times: Times): Promise<void> {
  const id = `${utcDate(clock.now())}/${provider}`;
  for (;;) {
    const there = await state.get<Times>(KIND, id);
    const both = createCounters();
    for (const part of [there?.value ?? {}, times]) addTo(both, provider, part);
    const options = { expect: there?.version ?? 0, expiresAt: clock.now() + KEEP_MS };
    if ((await state.put(KIND, id, both.read()[provider], options)).ok) return;
  }
}

/** What was noted on the last `days` days of UTC, today's among them, by provider and reason. */
export async function countsOf({ state, clock }: Pick<Runtime, 'state' | 'clock'>, days: number): Promise<Counts> {
  const since = utcDate(clock.now() - (days - 1) * DAY_MS);
  const counters = createCounters();
  for (const { id, value } of await state.list<Times>(KIND)) {
    const [date = '', provider = ''] = id.split('/');
    if (date >= since) addTo(counters, provider, value);
  }
  return counters.read();
}

function addTo(counters: Counters | undefined, provider: string, all: Times): void {
  for (const [reason, times] of Object.entries(all)) counters?.count(provider, reason, times);
}
