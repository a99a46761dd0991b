import { setCondition } from '../condition.ts';
import { dropGrant } from '../grant.ts';
import { ask } from './ask.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';
import { lastDays, windowsOf } from './window.ts';

/**
 * Acts on a notice that says the person ended the grant at the provider. Anybody who learns a webhook address can say so: a grant is given up
 * only when the provider itself no longer takes it. True when nothing is left to do, believed or not.
 */
export async function endGrant(
  runtime: CollectRuntime,
  source: Source,
  how: 'revoked' | 'deregistered',
  patience: Patience,
): Promise<boolean> {
  const { provider, connection } = source;
  if (connection.kind === 'oauth') {
    const agreed = await isEnded(runtime, source, patience);
    if (agreed === undefined) return false;
    if (!agreed) {
      runtime.counters?.count(provider.id, 'ended_not_confirmed');
      return true;
    }
  }
  // A linked account has no grant to ask with: the key in the address is all the proof there is, and only the condition follows it.
  // The data stay, and what still comes is still kept.
  await setCondition(runtime, connection.connection_id, { state: how, cause: 'ended_at_provider' });
  if (connection.kind === 'oauth') await dropGrant(runtime.vault, connection.connection_id);
  return true;
}

/** Whether the provider refuses the grant; undefined when it cannot be told now. */
async function isEnded(runtime: CollectRuntime, source: Source, patience: Patience): Promise<boolean | undefined> {
  const { provider, connection, zone } = source;
  if (connection.state !== 'active') return true;
  const { streams } = provider.collect;
  const stream = streams.find(({ scope }) => scope === undefined || connection.scopes.includes(scope));
  const [window] = windowsOf(lastDays(runtime.clock.now(), zone, 1), 1, zone);
  const { oauth } = provider;
  // What tells whose grant it is asks for nothing but the grant.
  const request =
    oauth !== undefined && 'request' in oauth.account
      ? oauth.account.request
      : window && stream?.request(window, undefined);
  if (request === undefined) return false;
  const asked = await ask(runtime, source, (bearer) => runtime.egress.send(provider, request, { bearer }), patience);
  if (asked.ok) return false;
  if (asked.kind === 'later') return undefined;
  return asked.kind === 'ended';
}
