import type { Bus } from '../../bus/bus.ts';
import { PortError } from '../../errors.ts';
import type { RunRecord } from '../run.ts';
import type { Journal, Opened } from './journal.ts';

/** An event holds 256 KB; whom a larger batch is about stands in its record. */
const USERS_AT_MOST = 5000;

/** Puts `Batch Published` on the bus and closes the batch; `event_refused` leaves it open, and the next run sends it again. */
export async function announce(bus: Bus, journal: Journal, record: RunRecord): Promise<void> {
  const { batch_id, users, days } = record;
  const detail = { schema: 1, batch_id, users: users.length <= USERS_AT_MOST ? users : [], days } as const;
  const [result] = await bus.publish([{ detailType: 'Batch Published', detail }]);
  if (result?.ok !== true) {
    throw new PortError(
      'event_refused',
      `${batch_id}: the bus refused Batch Published (${result?.reason ?? 'no answer'}).`,
      {
        remedy: 'The batch is published; the next run sends its event again.',
      },
    );
  }
  await journal.close(batch_id);
}

/** Sends the events of runs that died between their record and their event; answers those that did not get that far. */
export async function announceFinished(bus: Bus, journal: Journal): Promise<readonly Opened[]> {
  const unfinished: Opened[] = [];
  for (const one of await journal.opened()) {
    const record = await journal.finished(one.batchId);
    if (record === undefined) unfinished.push(one);
    else await announce(bus, journal, record);
  }
  return unfinished;
}
