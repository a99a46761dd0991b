import type { Runtime } from './runtime.ts';

/** Figures somebody is woken by; their names are those of the alarms. */
export type Measure =
  /** How long the oldest object waits that is stored and not published; 0 while nothing does. */
  | 'OldestUnpublishedSeconds'
  /** From the start of a batch to the end of it. */
  | 'BatchSeconds'
  /** From the writing of an object to the end of the batch that took it in; the slowest of a batch. */
  | 'PublicationSeconds';

const DAY_MS = 86_400_000;
const CURSOR = ['measured', 'runs'] as const;

/** Measures how long batches since the last look took, and how long what they published had waited, once a batch, whoever applied them; answers how many batches. Older ones than a day are past measuring. */
export async function measurePublication({
  copy,
  objects,
  state,
  clock,
  measure,
}: Pick<Runtime, 'copy' | 'objects' | 'state' | 'clock' | 'measure'>): Promise<number> {
  if (copy === undefined || measure === undefined) return 0;
  const seen = (await state.get<{ readonly batch_id: string }>(...CURSOR))?.value.batch_id;
  const ended = new Map<string, number>();
  let last: string | undefined;
  let batches = 0;
  for await (const { batch_id: id, started_at, finished_at } of copy.runs.since(seen)) {
    last = id;
    const endMs = Date.parse(finished_at);
    if (clock.now() - endMs > DAY_MS) continue;
    batches += 1;
    measure('BatchSeconds', (endMs - Date.parse(started_at)) / 1000);
    for (const { key } of await copy.runs.taken(id)) if (!ended.has(key)) ended.set(key, endMs);
  }
  if (last === undefined) return 0;
  const waited = new Map<number, number>();
  const from = `raw/${new Date(clock.now() - 2 * DAY_MS).toISOString().slice(0, 10)}`;
  for await (const { key, storedAt } of ended.size === 0 ? [] : objects.list('raw/', { after: from })) {
    const endMs = ended.get(key);
    if (endMs === undefined || storedAt === undefined) continue;
    waited.set(endMs, Math.max(waited.get(endMs) ?? 0, (endMs - storedAt) / 1000));
  }
  for (const seconds of waited.values()) measure('PublicationSeconds', seconds);
  await state.put(...CURSOR, { batch_id: last });
  return batches;
}
