import { addDays, localMoment } from './days.ts';
import { listUsers } from './people.ts';
import type { Runtime } from './runtime.ts';
import { summarize } from './summarize.ts';
import { latestDay } from './today.ts';

/** The local hour from which a person's morning text is due. */
const DUE_HOUR = 7;

/** How long it is remembered that a text went out; the notifier itself refuses a second one at any time. */
const REMEMBERED_MS = 7 * 86_400_000;

/** Delivers each person's text about their yesterday once 07:00 has passed where they are, at most once a day; answers how many went out. */
export async function sendDue(runtime: Runtime): Promise<number> {
  let sent = 0;
  for (const user of await listUsers(runtime)) {
    const now = runtime.clock.now();
    const { day: today, hour } = localMoment(now, user.zone);
    const day = addDays(today, -1);
    const done = `${user.user_id}:${day}`;
    if (hour < DUE_HOUR || (await runtime.state.get('summary', done)) !== undefined) continue;
    // Somebody whose data never came gets no mail about nothing.
    if ((await latestDay(runtime, user.user_id, today)) === null) continue;
    if ((await runtime.notifier.deliver(await summarize(runtime, { user, day }))) === 'delivered') sent += 1;
    await runtime.state.put('summary', done, { sent_at: now }, { expiresAt: now + REMEMBERED_MS });
  }
  return sent;
}
