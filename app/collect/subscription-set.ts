import type { Subscribe, Subscription, SubscriptionDoor } from '../../providers/kit/subscribe.ts';
import { DAY_MS, type CollectRuntime, type Patience } from './runtime.ts';
import type { Source } from './source.ts';
import { call, detailOf, doorOf, list } from './subscription-call.ts';
import { type SubscriptionRecord, writeRecord } from './subscription-record.ts';

interface Terms {
  readonly subscribe: Subscribe;
  readonly door: SubscriptionDoor;
}

/** Makes one set of subscriptions as it should be, and remembers how it is. */
export async function ensureSet(
  runtime: CollectRuntime,
  source: Source,
  id: string,
  patience: Patience,
): Promise<SubscriptionRecord> {
  const { subscribe } = source.provider;
  const wanted = wantedOf(source, subscribe);
  const door = doorOf(runtime, source);
  if (subscribe === undefined || door === undefined) {
    const problem = 'Notices need a public https address; until then the daily look fetches.';
    return writeRecord(runtime, id, { expiresAt: null, missing: wanted, problem });
  }
  const terms: Terms = { subscribe, door };
  const listed = await list(runtime, source, terms, patience);
  if (!listed.ok) return writeRecord(runtime, id, { expiresAt: null, missing: wanted, problem: listed.detail });
  const problems: string[] = [];
  let changed = false;
  for (const key of wanted) {
    if (patience.signal?.aborted === true) break;
    const ensured = await ensureKey(runtime, source, terms, { key, there: listed.there }, patience);
    if (ensured.problem !== undefined) problems.push(`${key}: ${ensured.problem}`);
    changed ||= ensured.changed;
  }
  // What is there now is what the provider says, not what we asked for.
  const after = changed ? await list(runtime, source, terms, patience) : listed;
  const there = (after.ok ? after.there : listed.there).filter(({ callbackUrl }) => callbackUrl === door.callbackUrl);
  const ends = there.map(({ expiresAt }) => expiresAt).filter((at) => at !== undefined);
  const missing = wanted.filter((key) => !there.some((one) => one.key === key));
  const [first] = problems;
  const problem = missing.length > 0 ? (first ?? 'The provider does not list what it accepted.') : (first ?? null);
  return writeRecord(runtime, id, { expiresAt: ends.length === 0 ? null : Math.min(...ends), missing, problem });
}

function wantedOf({ connection }: Source, subscribe: Subscribe | undefined): readonly string[] {
  const mayHave = (scope: string | undefined): boolean =>
    subscribe?.per === 'app' || scope === undefined || connection.scopes.includes(scope);
  return (subscribe?.wanted ?? []).filter(({ scope }) => mayHave(scope)).map(({ key }) => key);
}

interface Ensured {
  readonly changed: boolean;
  /** In words. */
  readonly problem?: string;
}

async function ensureKey(
  runtime: CollectRuntime,
  source: Source,
  { subscribe, door }: Terms,
  { key, there }: { readonly key: string; readonly there: readonly Subscription[] },
  patience: Patience,
): Promise<Ensured> {
  const ours = there.find((one) => one.key === key && one.callbackUrl === door.callbackUrl);
  const elsewhere = there.filter((one) => one.key === key && one.callbackUrl !== door.callbackUrl);
  const ask = (request: Parameters<typeof call>[3]) => call(runtime, source, subscribe, request, patience);
  if (ours !== undefined && !endsSoon(runtime, subscribe, ours)) return { changed: false };
  if (ours !== undefined && subscribe.renew !== undefined) {
    const renewed = await ask(subscribe.renew.request(door, ours));
    if (renewed.ok) return { changed: true };
    if (renewed.kind !== 'door_closed') return { changed: false, problem: detailOf(renewed) };
  }
  const made = await ask(subscribe.create(door, key));
  if (made.ok) return { changed: true };
  if (made.kind !== 'request_refused' || made.status !== 409) return { changed: false, problem: detailOf(made) };
  // It exists: as it should, or for an address that was ours before.
  if (elsewhere.length === 0) return { changed: true };
  for (const old of elsewhere) await ask(subscribe.remove(door, old));
  const again = await ask(subscribe.create(door, key));
  return again.ok ? { changed: true } : { changed: true, problem: detailOf(again) };
}

function endsSoon({ clock }: CollectRuntime, { renew }: Subscribe, { expiresAt }: Subscription): boolean {
  return renew !== undefined && expiresAt !== undefined && expiresAt - clock.now() < renew.beforeDays * DAY_MS;
}
