import { join } from 'node:path';
import { alertChanged } from '../../../app/alerts.ts';
import { link } from '../../../app/connections.ts';
import { addDays } from '../../../app/days.ts';
import { addUser } from '../../../app/people.ts';
import { transform } from '../../../app/transform.ts';
import { createOutbox } from '../../../ports/notifier/outbox.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openPlant } from '../../support/plant.ts';

/** What a Garmin summary says of a day. */
type Daily = Readonly<Record<string, number>>;

/**
 * Ana in Paris over real tables, with a Garmin connected on Friday 20 November 2026, 08:00 there (07:00 UTC): that is when the clock stands. `days` go back
 * from a last one.
 */
export async function openHouse() {
  const plant = openPlant();
  const outbox = createOutbox({ directory: join(temporaryDirectory(), 'outbox') });
  const runtime = { ...plant.runtime, notifier: outbox, mailbox: outbox };
  const user = await addUser(runtime, { name: 'Ana', units: 'metric' });
  await link(runtime, { provider: 'garmin', user, externalId: 'g' });
  /** Stores summaries of these local days and publishes them. */
  const bring = async (days: Readonly<Record<string, Daily>>): Promise<void> => {
    const dailies = Object.entries(days).map(([calendarDate, daily]) => ({ calendarDate, ...daily }));
    await plant.store([
      { provider: 'garmin', externalId: 'g', type: 'dailies', data: { dailies }, receivedAt: plant.clock.now() },
    ]);
    await transform(runtime);
  };
  const alerts = () => plant.events.flatMap((event) => (event.detailType === 'Metric Alert' ? [event.detail] : []));
  const letters = () => outbox.list(user.user_id);
  const at = (iso: string) => plant.clock.set(Date.parse(iso));
  /** After a batch that changed Ana. */
  const changed = (over: Partial<typeof runtime> = {}) => alertChanged({ ...runtime, ...over }, [user.user_id]);
  return { ...plant, runtime, user, bring, alerts, letters, at, changed };
}

/** As many days up to `last`, each as `daily` says of its number, the last one 0. */
export function daysTo(last: string, count: number, daily: (n: number) => Daily): Readonly<Record<string, Daily>> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [addDays(last, -n), daily(n)]));
}
