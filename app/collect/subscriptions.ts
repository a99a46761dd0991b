import type { Connection } from '../tie.ts';
import { ensureSet } from './subscription-set.ts';
import { removeOurs } from './unsubscribe.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import { isFetchable, sourceOf, type Source, sources } from './source.ts';
import { isDue, type SubscriptionRecord } from './subscription-record.ts';

export type { SubscriptionRecord } from './subscription-record.ts';

/**
 * Sees to it that the providers send notices: lists, makes what is missing or points elsewhere, renews before the end. Once a day, after an
 * hour where something went wrong; `fresh` asks at once for one connection. Answers what it looked at; never throws for what a provider does.
 */
export async function ensureSubscriptions(
  runtime: CollectRuntime,
  { fresh, ...patience }: Patience & { readonly fresh?: string } = {},
): Promise<readonly SubscriptionRecord[]> {
  const active = (await sources(runtime)).filter(isFetchable);
  const looked: SubscriptionRecord[] = [];
  for (const { id, source } of sets(active)) {
    if (patience.signal?.aborted === true) break;
    const isFresh = source.connection.connection_id === fresh || id === fresh;
    if (isFresh || (await isDue(runtime, id))) looked.push(await ensureSet(runtime, source, id, patience));
  }
  return looked;
}

/** Ends the notices of one account while its token is still good; false when the provider could not be told. Those of a whole app stay. */
export async function unsubscribe(runtime: CollectRuntime, connection: Connection): Promise<boolean> {
  const source = await sourceOf(runtime, connection);
  if (source?.provider.subscribe?.per !== 'account') return true;
  const ended = await removeOurs(runtime, source);
  await runtime.state.delete('subscription', `${connection.provider}/${connection.connection_id}`);
  return ended;
}

/** One set for the app of a provider somebody uses, or one for each account. */
function sets(active: readonly Source[]): readonly { readonly id: string; readonly source: Source }[] {
  const found = new Map<string, Source>();
  for (const source of active) {
    const { id, subscribe } = source.provider;
    if (subscribe === undefined) continue;
    const set = subscribe.per === 'app' ? id : `${id}/${source.connection.connection_id}`;
    if (!found.has(set)) found.set(set, source);
  }
  return [...found].map(([id, source]) => ({ id, source }));
}
