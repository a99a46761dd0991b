import { createHmac } from 'node:crypto';
import { challengeOf } from '../../providers/kit/oauth/pkce.ts';
import { WellspringError } from '../errors.ts';
import { sha256Hex } from '../keys.ts';
import type { Runtime } from '../runtime.ts';
import { type OAuthProvider, clientOf, redirectUriOf } from './setup.ts';

/** How long a person has at the provider's page. */
export const FLOW_MS = 10 * 60_000;
/** Flows under way: of one person the oldest gives way, and beyond the second nobody starts one. */
const MOST_OF_ONE = 20;
const MOST = 1000;

/** An OAuth flow under way, kept under the hash of its state. */
export interface Flow {
  readonly provider: string;
  readonly user_id: string;
  /** Hash of the cookie of the browser that started it. */
  readonly browser: string;
  /** The exchange must repeat it to the letter. */
  readonly redirect_uri: string;
  /** The command line's ticket it was started with. */
  readonly ticket: string | null;
  readonly started_at: number;
}

type FlowRuntime = Pick<Runtime, 'state' | 'clock' | 'ids' | 'settings' | 'oauthClient' | 'publicUrl'>;

/** Starts a flow; answers the provider's address to go to. Throws `client_missing`, `too_many_flows`. */
export async function startFlow(
  runtime: FlowRuntime,
  provider: OAuthProvider,
  by: { readonly userId: string; readonly browser: string; readonly ticket: string | null },
): Promise<string> {
  const client = await clientOf(runtime, provider);
  await makeRoom(runtime, by.userId);
  const state = runtime.ids.secret(32);
  const flow: Flow = {
    provider: provider.id,
    user_id: by.userId,
    browser: sha256Hex(by.browser),
    redirect_uri: redirectUriOf(runtime, provider.id),
    ticket: by.ticket,
    started_at: runtime.clock.now(),
  };
  await runtime.state.put('flow', sha256Hex(state), flow);
  const challenge = provider.oauth.pkce ? challengeOf(verifierOf(by.browser, state)) : undefined;
  return client.authorizeUrl({ redirectUri: flow.redirect_uri, state, challenge });
}

/**
 * PKCE's secret half (RFC 7636) of a flow: made of two secrets of which only hashes are kept, that of the browser's cookie and the state.
 * So it is written nowhere, and a copy of the state's file is worth nothing to somebody who has seen a code.
 */
export function verifierOf(browser: string, state: string): string {
  return createHmac('sha256', browser).update(`verifier ${state}`).digest('base64url');
}

/** Takes a flow by its state: whoever takes it first, alone, and only once. Undefined when there is none, or not in time. */
export async function takeFlow(runtime: Pick<Runtime, 'state' | 'clock'>, state: string): Promise<Flow | undefined> {
  const id = sha256Hex(state);
  const found = await runtime.state.get<Flow>('flow', id);
  if (found === undefined) return undefined;
  const taken = await runtime.state.delete('flow', id, { expect: found.version });
  return taken.ok && !isOver(found.value, runtime.clock.now()) ? found.value : undefined;
}

/** Ends the flows under way of a person: whoever comes back from a provider finds none. */
export async function endFlows(state: FlowRuntime['state'], userId: string): Promise<void> {
  const theirs = (await state.list<Flow>('flow')).filter(({ value }) => value.user_id === userId);
  for (const { id } of theirs) await state.delete('flow', id);
}

/** Expired records stay in the table of the state, so flows are cleared here: the table has a bound. */
async function makeRoom({ state, clock }: FlowRuntime, userId: string): Promise<void> {
  const all = await state.list<Flow>('flow');
  const over = all.filter(({ value }) => isOver(value, clock.now()));
  const live = all.filter(({ value }) => !isOver(value, clock.now()));
  const mine = live.filter(({ value }) => value.user_id === userId);
  const oldest = mine.toSorted((a, b) => a.value.started_at - b.value.started_at);
  const surplus = oldest.slice(0, Math.max(0, mine.length - MOST_OF_ONE + 1));
  for (const { id } of [...over, ...surplus]) await state.delete('flow', id);
  if (live.length - surplus.length < MOST) return;
  throw new WellspringError({
    code: 'too_many_flows',
    message: 'Too many people are connecting something at the moment.',
    remedy: 'Try again in ten minutes.',
    status: 503,
  });
}

function isOver(flow: Flow, now: number): boolean {
  return now >= flow.started_at + FLOW_MS;
}
