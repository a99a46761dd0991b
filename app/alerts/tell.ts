import type { Bus } from '../../ports/bus/bus.ts';
import { localMoment } from '../days.ts';
import type { User } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import { DUE_HOUR, type MailRuntime } from '../send-due.ts';
import { chosenBy } from './choice.ts';
import { alertLetter } from './letter.ts';
import { type Found, keyOf, type Look, type LookRuntime, openLook } from './look.ts';
import { type Kept, keepTold, readTold, type Told, type Waiting } from './told.ts';

/** What telling of something new needs: it stores and fetches nothing. */
export type AlertRuntime = MailRuntime & Pick<Runtime, 'bus' | 'onWait'>;

export type Finder = (runtime: LookRuntime, look: Look) => Promise<readonly Found[]>;

/** What is looked for, and whether that is everything there is to look for on a day. */
export interface Search {
  readonly finders: readonly Finder[];
  readonly isWhole: boolean;
}

/** From this local hour until that of the morning texts nobody is written to. */
const NIGHT_HOUR = 22;

/**
 * Looks at one person, tells the bus of what is new, and the person of what they chose; answers how many events that were. Events first, then the note that
 * they were told, then the message: who is killed between tells once more, and never not at all.
 */
export async function tell(runtime: AlertRuntime, user: User, searchFor: (told: Told) => Search): Promise<number> {
  const { state, clock, notifier, addresses } = runtime;
  const before = await readTold(state, user.user_id);
  const { finders, isWhole } = searchFor(before);
  const look = openLook(runtime, user, before.told);
  const found: Found[] = [];
  for (const find of finders) found.push(...(await find(runtime, look)));
  const told = await announced(runtime.bus, user, found);
  // Where messages leave for addresses, one without an address would be for nobody.
  const isReached = addresses === undefined || user.email !== undefined;
  const waiting = [...before.waiting, ...told.flatMap((one) => toWait(user, one))];
  const kept = await noted(state, before, { user, look, told, isWhole, waiting: isReached ? waiting : [] });
  if (kept === undefined || kept.waiting.length === 0 || momentOf(runtime, user).isNight) return told.length;
  await notifier.deliver(alertLetter(runtime, user, kept.waiting));
  await keepTold(state, user.user_id, kept, { at: clock.now(), waiting: [] });
  return told.length;
}

/** Where a person is in their day. */
export function momentOf(
  { clock }: Pick<Runtime, 'clock'>,
  { zone }: Pick<User, 'zone'>,
): { readonly day: string; readonly isNight: boolean } {
  const { day, hour } = localMoment(clock.now(), zone);
  return { day, isNight: hour < DUE_HOUR || hour >= NIGHT_HOUR };
}

/** Those the bus took; the others are found again. */
async function announced(bus: Bus, { user_id }: User, found: readonly Found[]): Promise<readonly Found[]> {
  const details = found.map(({ row }) => ({ schema: 1, user_id, ...row }) as const);
  const results = await bus.publish(details.map((detail) => ({ detailType: 'Metric Alert', detail })));
  return found.filter((_, at) => results[at]?.ok === true);
}

function toWait(user: User, { row, line }: Found): readonly Waiting[] {
  if (line === undefined || !chosenBy(user).includes(row.kind)) return [];
  return [{ key: keyOf(row), kind: row.kind, line }];
}

interface Done {
  readonly user: User;
  readonly look: Look;
  readonly told: readonly Found[];
  readonly isWhole: boolean;
  readonly waiting: readonly Waiting[];
}

/** Undefined where the note is not ours to write; then the message is not ours either. */
async function noted(
  state: AlertRuntime['state'],
  before: Kept,
  { user, look, told, isWhole, waiting }: Done,
): Promise<Kept | undefined> {
  const looked = isWhole ? look.today : before.looked;
  const isSame = told.length === 0 && looked === before.looked && waiting.length === before.waiting.length;
  if (isSame) return before;
  const now = Object.fromEntries(told.map(({ row }) => [keyOf(row), look.nowMs]));
  return keepTold(state, user.user_id, before, { at: look.nowMs, looked, told: { ...before.told, ...now }, waiting });
}
