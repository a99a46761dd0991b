import { join } from 'node:path';
import * as z from 'zod';
import { alertChanged, type AlertRuntime } from '../../../app/alerts.ts';
import { link } from '../../../app/connections.ts';
import { addDays } from '../../../app/days.ts';
import { addUser } from '../../../app/people.ts';
import { transform } from '../../../app/transform.ts';
import { createOutbox } from '../../../ports/notifier/outbox.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openPlant } from '../../support/plant.ts';

const day = z.iso.date();
const whose = { schema: z.literal(1), user_id: z.string().regex(/^u_[a-z2-7]{12}$/) };
const metric = z.string().regex(/^[a-z0-9_]+$/);
/** Key columns and nothing else: a value anywhere makes it another shape. */
const schema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...whose,
    kind: z.literal('goal_met'),
    table: z.literal('goals_daily'),
    local_date: day,
    goal: z.string(),
    metric,
  }),
  z.strictObject({ ...whose, kind: z.literal('anomaly'), table: z.literal('anomalies'), local_date: day, metric }),
  z.strictObject({
    ...whose,
    kind: z.literal('silence'),
    table: z.literal('freshness'),
    provider: z.string(),
    metric,
    last_day: day,
  }),
]);

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
  const alerts = () =>
    plant.events.flatMap((event) => (event.detailType === 'Metric Alert' ? [schema.parse(event.detail)] : []));
  const letters = () => outbox.list(user.user_id);
  const at = (iso: string) => plant.clock.set(Date.parse(iso));
  /** After a batch that changed Ana. */
  const changed = (over: Partial<AlertRuntime> = {}) => alertChanged({ ...runtime, ...over }, [user.user_id]);
  return { ...plant, runtime, user, bring, alerts, letters, at, changed };
}

/** As many days up to `last`, each as `daily` says of its number, the last one 0. */
export function daysTo(last: string, count: number, daily: (n: number) => Daily): Readonly<Record<string, Daily>> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [addDays(last, -n), daily(n)]));
}
