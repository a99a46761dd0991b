import { grantGeneration } from '../grant.ts';
import { type ConnectionRecord, everyRecord } from '../tie.ts';
import { type Custody, memoryOf } from './custody.ts';
import { reopen } from './end.ts';
import { obtain } from './obtain.ts';

/** Token calls to one provider at the same time. */
const AT_ONCE = 4;

/** Renews what is due, and saves successors that could not be saved; answers how many connections have a new grant. After `signal` no token is presented. */
export async function renewDue(custody: Custody, signal?: AbortSignal): Promise<number> {
  for (const id of memoryOf(custody).successors.keys()) await renewed(custody, id);
  const queues = new Map<string, ConnectionRecord[]>();
  for (const record of await everyRecord(custody.state)) {
    if (record.kind === 'oauth' && record.state === 'needs_reconnect') await reopen(custody, record.connection_id);
    if (record.kind !== 'oauth' || record.state !== 'active') continue;
    queues.set(record.provider, [...(queues.get(record.provider) ?? []), record]);
  }
  const lanes = [...queues.values()].flatMap((queue) =>
    Array.from({ length: AT_ONCE }, () => work(custody, queue, signal)),
  );
  return (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
}

async function work(custody: Custody, queue: ConnectionRecord[], signal?: AbortSignal): Promise<number> {
  let count = 0;
  for (let record = queue.shift(); record !== undefined; record = queue.shift()) {
    if (signal?.aborted === true) break;
    if (await renewed(custody, record.connection_id)) count += 1;
  }
  return count;
}

/** What goes wrong with one grant is told to whoever asks for its token, and must not keep the others from theirs. */
async function renewed(custody: Custody, id: string): Promise<boolean> {
  try {
    const before = await grantGeneration(custody.vault, id);
    if (before === 0) return false;
    const after = await obtain(custody, id, { unused: true });
    return after.ok && after.generation > before;
  } catch {
    return false;
  }
}
