import type { NamedQuery, Row } from '../ports/warehouse/warehouse.ts';
import { announce, batchRequest, summarizeBatches, type BatchRuntime, type BatchSummary } from './batch.ts';
import { batchElsewhere } from './elsewhere.ts';
import { WellspringError } from './errors.ts';
import { withBatchLease } from './lease.ts';
import { readObjects } from './listing.ts';
import { maskedRow } from './masked-row.ts';
import type { Runtime } from './runtime.ts';

const listed: NamedQuery = {
  name: 'quarantine.list',
  sql: 'select * from quarantine order by first_seen desc, raw_key, pointer, quarantine_id',
};
const shown: NamedQuery = {
  name: 'quarantine.show',
  sql: 'select * from quarantine where quarantine_id = $quarantine_id',
};

const RETRY =
  'The next batch under changed models reads what they refused again: pulumi up brings them, wellspring process --stack starts it.';

/** What was refused and not released, the newest first: rows of the mart `quarantine`, tokens in their texts masked. */
export async function listQuarantine(runtime: Pick<Runtime, 'warehouse'>): Promise<readonly Row[]> {
  return (await runtime.warehouse.run(listed)).map(maskedRow);
}

/** One refusal, tokens in its text masked; `unknown_quarantine` (404, exit 2) when there is none of that id. */
export async function showQuarantine(runtime: Pick<Runtime, 'warehouse'>, id: string): Promise<Row> {
  return maskedRow(await refusalOf(runtime, id));
}

async function refusalOf(runtime: Pick<Runtime, 'warehouse'>, id: string): Promise<Row> {
  const [row] = await runtime.warehouse.run(shown, { quarantine_id: id });
  if (row !== undefined) return row;
  throw new WellspringError({
    code: 'unknown_quarantine',
    message: `Nothing in quarantine has the id ${id}.`,
    remedy: 'See wellspring quarantine list: what a batch accepts meanwhile leaves the list.',
    status: 404,
    exit: 2,
  });
}

/** Reads the object of a refusal again from raw, and recomputes the person it belongs to. */
export async function retryQuarantine(
  runtime: BatchRuntime & Pick<Runtime, 'warehouse'>,
  id: string,
): Promise<BatchSummary> {
  if (runtime.workflow !== undefined) throw batchElsewhere(RETRY);
  const startedAt = runtime.clock.now();
  const row = await refusalOf(runtime, id);
  return withBatchLease(runtime, async (lease) => {
    const objects = await readObjects(runtime.objects, [String(row['raw_key'])]);
    const result = await runtime.engine.run(batchRequest(runtime, lease, { objects, onStep: undefined }));
    await announce(runtime, result);
    return summarizeBatches(runtime.clock, startedAt, [result]);
  });
}
