import * as z from 'zod';
import type { Rebuild } from '../../app/small.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { RunState, WorkflowRuns } from '../../ports/engine/glue-runs.ts';
import { parsed } from '../../ports/engine/lines.ts';
import { changeLine } from '../../ports/engine/run.ts';
import type { Difference } from '../../ports/engine/small/small.ts';
import type { Place } from '../../ports/engine/small/place.ts';
import { failed, older, tooLong } from './rebuild-errors.ts';

/** What a rebuild of a stack changed, in rows by table. */
export interface Rebuilt {
  /** Null when nothing changed. */
  readonly batch_id: string | null;
  readonly objects: number;
  readonly tables: Readonly<Record<string, number>>;
}

/** What it would change, and some cells of each table: its row's key and `user_id`, `column`, `before`, `after`. */
export interface WouldChange {
  readonly objects: number;
  readonly tables: Readonly<Record<string, Difference>>;
  readonly changes: readonly Readonly<Record<string, unknown>>[];
}

export interface RebuildParts {
  readonly runs: WorkflowRuns;
  readonly place: Pick<Place, 'list' | 'read'>;
  readonly clock: Clock;
  /** How long its end is waited for. */
  readonly longestMs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const LOOK_MS = 5000;
/**
 * For a run that is under way and for its own, by the engine of the stack: a function of 15 minutes and the job that waits for it each, or two jobs of
 * 30 minutes and their starts.
 */
export const LONGEST_MS = { small: 45 * 60_000, spark: 135 * 60_000 } as const;

const figures = z.object({
  small_outcome: z.enum(['published', 'idle', 'running', 'compared']),
  small_batch_id: z.string().optional(),
  small_objects: z.coerce.number().default(0),
});
const KINDS = ['added', 'changed', 'removed'] as const;

/** The counts whose names begin so, by what follows. */
function countsOf(properties: RunState['properties'], start: string): Readonly<Record<string, number>> {
  const found = Object.entries(properties).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(found.map(([name, count]) => [name.slice(start.length), Number(count)]));
}

function differencesOf(properties: RunState['properties']): Readonly<Record<string, Difference>> {
  const counts = KINDS.map((kind) => [kind, countsOf(properties, `small_${kind}_`)] as const);
  const tables = [...new Set(counts.flatMap(([, one]) => Object.keys(one)))].toSorted();
  const none = { added: 0, changed: 0, removed: 0 };
  return Object.fromEntries(
    tables.map((table) => [
      table,
      { ...none, ...Object.fromEntries(counts.map(([kind, one]) => [kind, one[table] ?? 0])) },
    ]),
  );
}

/** Cells a comparison left below `runs/<id>/changed/`. */
async function cellsOf(place: RebuildParts['place'], batchId: string): Promise<WouldChange['changes']> {
  const start = `runs/${batchId}/changed/`;
  const found: Readonly<Record<string, unknown>>[] = [];
  for (const key of await place.list(start)) {
    const table = key.slice(start.length).replace(/\.ndjson$/, '');
    const lines = ((await place.read(key)) ?? '').split('\n').filter((line) => line !== '');
    for (const [at, line] of lines.entries()) {
      const told = parsed(changeLine, line, `line ${at + 1} of ${key}`);
      if ('row' in told) found.push({ table, ...told.row });
    }
  }
  return found;
}

/** Starts a run of the workflow that rebuilds, after the one that is under way, and waits for its end. */
async function runTo(
  rebuild: Rebuild,
  { runs, clock, longestMs, signal, say }: RebuildParts,
): Promise<RunState['properties']> {
  const endMs = clock.now() + longestMs;
  let id = await runs.begin({ rebuild });
  if (id === undefined) say('A run of the workflow is under way; waiting for its end …');
  for (;;) {
    if (id !== undefined) {
      const { isActive, failed: jobs, properties } = await runs.look(id);
      if (!isActive && jobs > 0) throw failed('ended as failed');
      if (!isActive) return properties;
    }
    if (clock.now() >= endMs) throw tooLong(id !== undefined);
    await clock.sleep(LOOK_MS, signal);
    id ??= await runs.begin({ rebuild });
  }
}

/**
 * Makes the tables of a stack anew from raw in its own workflow, or asks what that would change. Throws `rebuild_failed` (exit 4), `timed_out`
 * (exit 9), `stack_not_up` of jobs that know no rebuild (exit 2), and what AWS refuses.
 */
export async function rebuildStack(rebuild: Rebuild, parts: RebuildParts): Promise<Rebuilt | WouldChange> {
  const properties = await runTo(rebuild, parts);
  // They took it for an ordinary batch.
  if (properties['small_outcome'] === undefined) throw older();
  const { success, data } = figures.safeParse(properties);
  if (!success) throw failed('left no figures');
  const { small_outcome: outcome, small_batch_id: batch_id = null, small_objects: objects } = data;
  if (outcome === 'running') throw failed('found another batch at work');
  if (rebuild === 'apply') return { batch_id, objects, tables: countsOf(properties, 'small_tables_') };
  const changes = batch_id === null ? [] : await cellsOf(parts.place, batch_id);
  return { objects, tables: differencesOf(properties), changes };
}
