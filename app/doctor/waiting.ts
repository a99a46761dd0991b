import { listNotices } from '../collect/waiting.ts';
import { pendingOf } from '../collect/pending.ts';
import { listNew } from '../listing.ts';
import type { Runtime } from '../runtime.ts';
import type { Check } from './check.ts';

const HOUR_MS = 3_600_000;
/** The sweep comes four times in it: what still waits then waits for nobody. */
const LONGEST_WAIT_MS = HOUR_MS;
const BATCH = 'batch';
const REMEDY = 'wellspring redrive does it now; a running server does it every 15 minutes.';

/** Notices whose data are not fetched, and days a failure left over. */
export const notices: Check<Pick<Runtime, 'objects' | 'state' | 'clock'>> = {
  id: 'notices',
  required: false,
  async run(runtime) {
    const open = await listNotices(runtime);
    const late = open.filter(({ receivedAt }) => runtime.clock.now() - receivedAt > LONGEST_WAIT_MS);
    const days = await pendingOf(runtime);
    const detail = `${open.length} notices wait for their data, ${late.length} for more than an hour; ${days.length} fetches are to be tried again.`;
    return [late.length === 0 ? { ok: true, detail } : { ok: false, detail, remedy: REMEDY }];
  },
};

/** When the last batch ended, what is stored and not published, and whether one runs; a workflow's runs are not seen from here. */
export const batches: Check<Pick<Runtime, 'objects' | 'engine' | 'state' | 'clock' | 'workflow'>> = {
  id: 'batches',
  required: false,
  async run(runtime) {
    const finished = await runtime.engine.lastFinished();
    const { objects } = await listNew(runtime, false);
    const lease = await runtime.state.acquire(BATCH, { ttlMs: 1000 });
    if (lease.ok) await lease.lease.release();
    const last =
      finished === undefined ? 'No batch has run yet' : `The last batch ended ${new Date(finished).toISOString()}`;
    const running = runtime.workflow !== undefined ? '' : lease.ok ? ', none runs now' : ', one runs now';
    const detail = `${last}${running}; ${objects.length} objects are not published.`;
    // One without a time of its own counts as stored when nobody remembers.
    const oldest = objects.reduce((least, { storedAt = 0 }) => Math.min(least, storedAt), runtime.clock.now());
    const waits = lease.ok && runtime.clock.now() - Math.max(finished ?? 0, oldest) > LONGEST_WAIT_MS;
    return [waits ? { ok: false, detail, remedy: REMEDY } : { ok: true, detail }];
  },
};
