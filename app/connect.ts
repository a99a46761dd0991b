import { type Choice, readChoice } from './connect/choice.ts';
import { type Completed, type CompleteRuntime, complete } from './connect/complete.ts';
import { decide } from './connect/decide.ts';
import { startFlow, takeFlow, verifierOf } from './connect/flow.ts';
import { readCallback } from './connect/parameters.ts';
import type { Refusal } from './connect/refusal.ts';
import { type OAuthProvider, oauthProvider } from './connect/setup.ts';
import { noteOutcome } from './connect/ticket.ts';
import { tidyGrants } from './connect/tidy.ts';
import { sha256Hex } from './keys.ts';
import { findUser } from './people.ts';
import type { Runtime } from './runtime.ts';

export { madeHere } from './connect/made.ts';

export type ConnectingRuntime = CompleteRuntime & Pick<Runtime, 'publicUrl'>;

/**
 * Starts connecting a person: answers the provider's address to go to. `browser` is the secret of its cookie.
 * Throws `unknown_provider`, `no_oauth`, `unknown_user`, `client_missing`, `too_many_flows`.
 */
export async function start(
  runtime: ConnectingRuntime,
  wanted: {
    readonly provider: string;
    readonly userId: string;
    readonly browser: string;
    readonly ticket?: string | undefined;
  },
): Promise<string> {
  const provider = oauthProvider(wanted.provider);
  const { user_id: userId } = await findUser(runtime, wanted.userId);
  await tidyGrants(runtime);
  return startFlow(runtime, provider, { userId, browser: wanted.browser, ticket: wanted.ticket ?? null });
}

/** Takes a callback: `search` is its query as sent. Nothing is asked of the provider unless all of it fits a flow of this browser. */
export async function arrive(
  runtime: ConnectingRuntime,
  provider: OAuthProvider,
  { search, browser }: { readonly search: string; readonly browser: string | undefined },
): Promise<Completed> {
  const read = readCallback(search);
  if (read === undefined) return refused('bad_callback');
  const { parameters, iss } = read;
  // Taken whatever comes next: a state that was shown once is worth nothing any more.
  const flow = await takeFlow(runtime, parameters.state);
  if (flow === undefined) return refused('unknown_state');
  const conclude = async (completed: Completed): Promise<Completed> => {
    if (completed.kind === 'refused') await noteOutcome(runtime, flow.ticket, { ok: false, code: completed.code });
    if (completed.kind === 'connected') {
      await noteOutcome(runtime, flow.ticket, { ok: true, connection_id: completed.connectionId });
    }
    return completed;
  };
  if (browser === undefined || sha256Hex(browser) !== flow.browser) return refused('other_browser');
  if (flow.provider !== provider.id) return conclude(refused('other_provider'));
  if (provider.oauth.issuer !== undefined && iss !== provider.oauth.issuer) return conclude(refused('wrong_issuer'));
  if (parameters.kind === 'error') {
    return conclude(refused(parameters.error === 'access_denied' ? 'access_denied' : 'provider_error'));
  }
  const verifier = provider.oauth.pkce ? verifierOf(browser, parameters.state) : undefined;
  return conclude(await complete(runtime, provider, flow, { ...parameters, verifier }));
}

/** The other account a browser is asked about at a provider; undefined when it is not. */
export function pendingChoice(
  runtime: ConnectingRuntime,
  provider: string,
  browser: string,
): Promise<Choice | undefined> {
  return readChoice(runtime, provider, sha256Hex(browser));
}

/** `over`: the question was answered before, ran out, or a newer grant of the account took its place. */
export type Chosen = Completed | { readonly kind: 'kept_as_it_was' } | { readonly kind: 'over' };

/** Answers it: `add` connects the other account too, otherwise it is given back. */
export async function choose(
  runtime: ConnectingRuntime,
  browser: string,
  answer: { readonly id: string; readonly add: boolean },
): Promise<Chosen> {
  const decided = await decide(runtime, sha256Hex(browser), answer);
  if (decided.kind === 'over') return decided;
  const { ticket } = decided;
  if (decided.kind === 'added') {
    const { connectionId } = decided;
    await noteOutcome(runtime, ticket, { ok: true, connection_id: connectionId });
    return { kind: 'connected', connectionId };
  }
  const { code } = decided;
  await noteOutcome(runtime, ticket, { ok: false, code });
  return code === 'kept_as_it_was' ? { kind: code } : refused(code);
}

function refused(code: Refusal): Completed {
  return { kind: 'refused', code };
}
