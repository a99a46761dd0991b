import type { Notifier } from '../ports/notifier/notifier.ts';
import { addDays, localMoment } from './days.ts';
import { listUsers, type User } from './people.ts';
import type { Runtime } from './runtime.ts';
import { summarize } from './summarize.ts';
import { latestDay, type TodayRuntime } from './today.ts';

/** What the morning texts need: nothing of it stores or fetches. */
export type MailRuntime = TodayRuntime &
  Pick<Runtime, 'addresses' | 'publicUrl' | 'mailDetail'> & { readonly notifier: Notifier };

/** The local hour from which a person's morning text is due. */
export const DUE_HOUR = 7;

/** How long it is remembered that a text went out; the notifier itself refuses a second one at any time. */
const REMEMBERED_MS = 7 * 86_400_000;

/**
 * Delivers each person's text about their yesterday once 07:00 has passed where they are, at most once a day, also when several do so at once; answers
 * how many went out. One that fails does not stop the others: what it threw is thrown when they are done.
 */
export async function sendDue(runtime: MailRuntime): Promise<number> {
  let sent = 0;
  const failures: unknown[] = [];
  for (const user of await listUsers(runtime)) {
    try {
      if (await send(runtime, user)) sent += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return sent;
}

/** Whether a person's text went out just now. */
async function send(runtime: MailRuntime, user: User): Promise<boolean> {
  // Where texts leave for addresses, one without an address would be about somebody and for nobody.
  if (runtime.addresses !== undefined && user.email === undefined) return false;
  const now = runtime.clock.now();
  const { day: today, hour } = localMoment(now, user.zone);
  const day = addDays(today, -1);
  const done = `${user.user_id}:${day}`;
  if (hour < DUE_HOUR || (await runtime.state.get('summary', done)) !== undefined) return false;
  // Somebody whose data never came gets no mail about nothing.
  if ((await latestDay(runtime, user.user_id, today)) === null) return false;
  // The notifier is what keeps a second one back when two come here at once.
  const outcome = await runtime.notifier.deliver(await summarize(runtime, { user, day }));
  await runtime.state.put('summary', done, { sent_at: now }, { expiresAt: now + REMEMBERED_MS });
  return outcome === 'delivered';
}
