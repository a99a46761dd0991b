import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { call, doorOf, list } from './subscription-call.ts';

/** Removes the subscriptions of an account that point to us; false when the provider did not agree to all of it. */
export async function removeOurs(runtime: CollectRuntime, source: Source): Promise<boolean> {
  const { subscribe } = source.provider;
  const door = doorOf(runtime, source);
  if (subscribe === undefined || door === undefined) return true;
  const listed = await list(runtime, source, { subscribe, door }, {});
  if (!listed.ok) return false;
  let removed = true;
  for (const one of listed.there.filter(({ callbackUrl }) => callbackUrl === door.callbackUrl)) {
    const answer = await call(runtime, source, subscribe, subscribe.remove(door, one), {});
    removed &&= answer.ok || answer.kind === 'door_closed';
  }
  return removed;
}
