import * as z from 'zod';
import type { ReadingsChange, ReadingsTable } from '../readings/readings.ts';
import type { Engine, Erasure } from './engine.ts';

const count = z.number().int().nonnegative();
const instant = z.iso.datetime();
const cells = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** `runs/<id>/batch.json`: what a run of the workflow did, written when all else of it is. */
export const runRecord = z.object({
  schema: z.literal(1),
  batch_id: z.string(),
  started_at: instant,
  finished_at: instant,
  objects: count,
  observations: count,
  quarantined: count,
  days: count,
  users: z.array(z.string()),
  /** Changed rows by table. */
  tables: z.record(z.string(), count),
});
export type RunRecord = z.output<typeof runRecord>;

/** A line of `runs/<id>/taken.ndjson`. */
export const takenLine = z.object({ key: z.string().startsWith('raw/'), intake: z.enum(['read', 'unread']) });
export type Taken = z.output<typeof takenLine>;

/** A line of `runs/<id>/changed/<table>.ndjson`. */
export const changeLine = z.union([z.strictObject({ row: cells }), z.strictObject({ gone: cells })]);

/** What finished runs of the workflow left for others. Ids sort by the time runs began, and one runs at a time: that is also the order they ended in. */
export interface Runs extends Pick<Engine, 'known' | 'lastFinished'> {
  /** Records of finished runs behind `after` (a batch id), the oldest first; all of them without it. */
  since(after?: string): AsyncIterable<RunRecord>;
  /** The raw objects a run took in for the first time, or in another way than before. */
  taken(batchId: string): Promise<readonly Taken[]>;
  /** What a run changed in a table, line by line; nothing where it changed nothing. */
  changes(batchId: string, table: ReadingsTable): AsyncIterable<ReadingsChange>;
  /** Takes people and accounts out of every record, in all versions; safe to repeat. */
  erase(erasure: Erasure): Promise<void>;
}
