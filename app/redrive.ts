import type { BatchSummary } from './batch.ts';
import { collectNotices, type NoticesReport } from './collect/notices.ts';
import { collectOverdue } from './collect/overdue.ts';
import type { Patience } from './collect/runtime.ts';
import type { Elsewhere } from './elsewhere.ts';
import { publish } from './publish.ts';
import { listQuarantine } from './quarantine.ts';
import type { Runtime } from './runtime.ts';

/** What was found left behind, and what became of it. */
export interface Redriven {
  readonly notices: Pick<NoticesReport, 'finished' | 'left' | 'unclaimed'>;
  /** Fetches an earlier failure had left, and whose time had come. */
  readonly overdue: number;
  readonly batch: BatchSummary | Elsewhere;
  /** Refusals the rules of today no longer make, and those they still do; null where only the workflow's run will tell. */
  readonly quarantine: { readonly released: number; readonly left: number } | null;
}

/**
 * Does everything that was left behind, whatever became of its event: notices without their data, fetches that failed, stored objects of any
 * date no batch took, refusals of rules that have changed since. Events are hints, so nothing is sent again; a second run finds nothing to do.
 */
export async function redrive(runtime: Runtime, patience: Patience = {}): Promise<Redriven> {
  // Where the next look for notices begins: forgotten, so that it begins at the oldest worth asking for.
  await runtime.state.delete('notices', 'since');
  const { finished, left, unclaimed } = await collectNotices(runtime, patience);
  const overdue = await collectOverdue(runtime, patience);
  const before = runtime.workflow === undefined ? await refusals(runtime) : undefined;
  // A batch under other rules than the last one reads again what they concern, also without new objects.
  const batch = await publish(runtime, { all: true });
  const done = { notices: { finished, left, unclaimed }, overdue: overdue.streams.length, batch };
  if (before === undefined) return { ...done, quarantine: null };
  const after = await refusals(runtime);
  const released = [...before].filter((id) => !after.has(id)).length;
  return { ...done, quarantine: { released, left: after.size } };
}

async function refusals(runtime: Pick<Runtime, 'warehouse'>): Promise<ReadonlySet<string>> {
  const rows = await listQuarantine(runtime);
  return new Set(rows.map((row) => String(row['quarantine_id'])));
}
