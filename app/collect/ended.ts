import { setCondition } from '../condition.ts';
import { exclusively } from '../exclusive.ts';
import { dropGrant, grantGeneration } from '../grant.ts';
import type { ConnectionRecord } from '../tie.ts';
import { ask } from './ask.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';
import { lastDays, windowsOf } from './window.ts';

/**
 * Acts on a notice that says the person ended the grant at the provider. Anybody who learns a webhook address can say so: a grant is given up
 * only when the provider itself no longer takes it. True when nothing is left to do, believed or not; false also when the grant has become
 * another one meanwhile, of which the notice said nothing.
 */
export async function endGrant(
  runtime: CollectRuntime,
  source: Source,
  how: 'revoked' | 'deregistered',
  patience: Patience,
): Promise<boolean> {
  const { provider, connection } = source;
  const { connection_id: id } = connection;
  const ended = { state: how, cause: CAUSE } as const;
  // A linked account has no grant to ask with: the key in the address is all the proof there is, and only the condition follows it.
  // The data stay, and what still comes is still kept.
  if (connection.kind !== 'oauth') {
    await setCondition(runtime, id, ended);
    return true;
  }
  const { generation, state } = await stand(runtime, id);
  const agreed = await isEnded(runtime, { ...source, connection: { ...connection, state } }, patience);
  if (agreed === undefined) return false;
  // One that cannot be opened could not be asked about.
  const isAsked = (await stand(runtime, id)).cause !== 'grant_unreadable';
  if (!agreed || !isAsked) {
    runtime.counters?.count(provider.id, 'ended_not_confirmed');
    return true;
  }
  await setCondition(runtime, id, ended);
  if (await dropGrant(runtime.vault, id, { expect: generation })) return true;
  // Renewed or granted anew while the provider was asked: nothing has ended.
  const now = await stand(runtime, id);
  if (now.state === how && now.cause === CAUSE) await setCondition(runtime, id, { state: 'active', cause: null });
  return false;
}

const CAUSE = 'ended_at_provider';

/** How a connection stands and the generation of its grant, both of one moment: connecting writes the grant first. */
async function stand({ state, clock, vault }: CollectRuntime, id: string) {
  return exclusively({ state, clock }, async () => {
    const record = await state.get<ConnectionRecord>('connection', id);
    const { state: now = 'disconnected', cause = null } = record?.value ?? {};
    return { state: now, cause, generation: await grantGeneration(vault, id) };
  });
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
