import { announce } from './connect/keep.ts';
import { type Choice, readChoice, takeChoice } from './connect/choice.ts';
import { type Completed, type CompleteRuntime, complete } from './connect/complete.ts';
import { startFlow, takeFlow, verifierOf } from './connect/flow.ts';
import { readCallback } from './connect/parameters.ts';
import type { Refusal } from './connect/refusal.ts';
import { type OAuthProvider, oauthProvider } from './connect/setup.ts';
import { noteOutcome } from './connect/ticket.ts';
import { refuseGrant, tidyGrants } from './connect/tidy.ts';
import { exclusively } from './exclusive.ts';
import { sha256Hex } from './keys.ts';
import { findUser } from './people.ts';
import type { Runtime } from './runtime.ts';
import { everyRecord } from './tie.ts';

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
      await rememberBrowser(runtime, completed.connectionId, flow.browser);
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

/** The other account a browser is asked about; undefined when it is not. */
export function pendingChoice(runtime: ConnectingRuntime, browser: string): Promise<Choice | undefined> {
  return readChoice(runtime, sha256Hex(browser));
}

/** `over`: the question was answered before, or ran out. */
export type Chosen = Completed | { readonly kind: 'kept_as_it_was' } | { readonly kind: 'over' };

/** Answers it: `add` connects the other account too, otherwise it is given back. */
export async function choose(
  runtime: ConnectingRuntime,
  browser: string,
  answer: { readonly id: string; readonly add: boolean },
): Promise<Chosen> {
  const choice = await takeChoice(runtime, sha256Hex(browser), answer.id);
  if (choice === undefined) return { kind: 'over' };
  const { connection, ticket } = choice;
  if (!answer.add) {
    await refuseGrant(runtime, connection);
    await noteOutcome(runtime, ticket, { ok: false, code: 'kept_as_it_was' });
    return { kind: 'kept_as_it_was' };
  }
  const added = await exclusively(runtime, async () => {
    const same = (await everyRecord(runtime.state)).filter((one) => one.account === connection.account);
    if (same.some((one) => one.user_id !== connection.user_id && one.state !== 'disconnected')) return false;
    await announce(
      runtime,
      connection,
      same.find((one) => one.connection_id === connection.connection_id),
    );
    return true;
  });
  if (!added) {
    await refuseGrant(runtime, connection);
    await noteOutcome(runtime, ticket, { ok: false, code: 'subject_conflict' });
    return refused('subject_conflict');
  }
  await noteOutcome(runtime, ticket, { ok: true, connection_id: connection.connection_id });
  await rememberBrowser(runtime, connection.connection_id, sha256Hex(browser));
  return { kind: 'connected', connectionId: connection.connection_id };
}

const SHOWN_MS = 60 * 60_000;

/** Whether this browser made the connection within the hour: it may see its page without being signed in. */
export async function madeHere(
  runtime: Pick<Runtime, 'state'>,
  connectionId: string,
  browser: string,
): Promise<boolean> {
  const made = await runtime.state.get<{ readonly browser: string }>('made', connectionId);
  return made?.value.browser === sha256Hex(browser);
}

async function rememberBrowser(
  { state, clock }: ConnectingRuntime,
  connectionId: string,
  browser: string,
): Promise<void> {
  await state.put('made', connectionId, { browser }, { expiresAt: clock.now() + SHOWN_MS });
}

function refused(code: Refusal): Completed {
  return { kind: 'refused', code };
}
