import type { Chance } from '../../../local/sandbox/chance.ts';
import type { Clock } from '../../../ports/clock/clock.ts';
import type { Call, Interference } from '../../support/providers.ts';
import type { ProviderName } from './settings.ts';

export const ERRANDS = ['connect', 'refresh', 'collect', 'backfill'] as const;
export type Errand = (typeof ERRANDS)[number];

/** Where a server is to die: at the n-th request of a kind, before, while or after it is answered, or just so many ms into it. */
export interface Moment {
  readonly errand: Errand;
  readonly at: Call['kind'] | 'time';
  readonly occurrence: number;
  readonly phase: 'arrived' | 'acted' | 'answered';
  readonly delayMs: number;
}

/** Requests of a look and of a backfill, at least. */
const MOST = {
  withings: { collect: 1, backfill: 3 },
  oura: { collect: 4, backfill: 12 },
  garmin: { collect: 0, backfill: 0 },
} as const;
const PHASES = ['arrived', 'acted', 'answered'] as const;
/** After an answer has left, it is saved within this. */
const SAVED_MS = 25;

/** The next moment of an errand: all kinds come, and with different seeds other ones. */
export function drawMoment(errand: Errand, provider: ProviderName, chance: Chance): Moment {
  const phase = PHASES[chance.int(0, 2)] ?? 'arrived';
  const timed = { errand, phase, at: 'time', occurrence: 1, delayMs: chance.int(0, 1500) } as const;
  if (chance.hit(0.15)) return timed;
  const delayMs = phase === 'answered' ? chance.int(0, SAVED_MS) : 0;
  const at = {
    connect: chance.hit(0.6) ? 'code' : 'data',
    refresh: 'refresh',
    collect: 'data',
    backfill: 'data',
  } as const;
  const most = { connect: 2, refresh: 4, ...MOST[provider] }[errand];
  return { errand, phase, at: at[errand], occurrence: at[errand] === 'code' ? 1 : chance.int(1, most), delayMs };
}

/** Calls `die` at the moment, counted from now on, or from `started`; the answer to a request waits until it is done. */
export function arm(
  watch: Interference,
  clock: Clock,
  moment: Moment,
  { started, die }: { readonly started: Promise<unknown>; readonly die: () => Promise<void> },
): void {
  let met = 0;
  const hits = (call: Call): boolean => {
    if (call.kind !== moment.at) return false;
    met += 1;
    return met === moment.occurrence;
  };
  let chosen: Call | undefined;
  watch.before = async (call) => {
    if (hits(call)) chosen = call;
    if (chosen === call && moment.phase === 'arrived') await die();
    return undefined;
  };
  watch.after = async (call) => {
    if (chosen !== call) return;
    if (moment.phase === 'acted') await die();
    if (moment.phase === 'answered') void clock.sleep(moment.delayMs).then(die);
  };
  const wait = async (): Promise<void> => {
    await started;
    await clock.sleep(moment.delayMs);
    await die();
  };
  if (moment.at === 'time') void wait();
}

/** Nobody is killed any more. */
export function disarm(watch: Interference): void {
  watch.before = async () => undefined;
  watch.after = async () => undefined;
}

/** In words. */
export function describe({ errand, at, occurrence, phase, delayMs }: Moment): string {
  const when = at === 'time' ? '' : `, request ${occurrence} of ${at} ${phase}`;
  return `${errand}${when}${delayMs > 0 ? `, ${delayMs} ms later` : ''}`;
}
