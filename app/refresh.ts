import { giveBack } from './connect/revoke.ts';
import { grantsAccess } from './connect/setup.ts';
import { providerNamed } from './provider.ts';
import type { Access, Custody, RefreshRuntime } from './refresh/custody.ts';
import { obtain } from './refresh/obtain.ts';
import { renewDue } from './refresh/renew.ts';

export { noteAccepted } from './refresh/accepted.ts';
export type { Access, RefreshRuntime } from './refresh/custody.ts';

/**
 * The access token of a connection, renewed when it is about to end, by one caller of all processes at a time. `refused` is the
 * generation whose token the provider has just answered 401 to: it forces one renewal. Never waits for longer than a call and the
 * saving of its answer take. Throws only what state, vault and objects throw.
 */
export async function access(
  runtime: RefreshRuntime,
  connectionId: string,
  options: { readonly refused?: number } = {},
): Promise<Access> {
  return obtain(custodyOf(runtime), connectionId, options);
}

/** Renews every access token that is about to end and every refresh token unused for long; answers how many were renewed. After `signal` none is begun. */
export async function refreshDue(runtime: RefreshRuntime, signal?: AbortSignal): Promise<number> {
  return renewDue(custodyOf(runtime), signal);
}

function custodyOf(runtime: RefreshRuntime): Custody {
  return {
    ...runtime,
    oauth: (provider) => providerNamed(provider).oauth,
    async revoke({ provider, external_id: externalId }, tokens) {
      const named = providerNamed(provider);
      if (grantsAccess(named)) await giveBack(runtime, named, { tokens, externalId });
    },
  };
}
