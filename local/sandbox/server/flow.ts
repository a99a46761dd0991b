import type { Client } from './options.ts';
import type { Choice, Consent } from './simulation.ts';

/** An authorization request (RFC 6749 4.1.1) that may be shown to a person. */
export interface Flow {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly challenge: string | undefined;
  readonly choices: readonly Choice[];
}

export type FlowReading =
  | { readonly ok: true; readonly flow: Flow }
  /** `redirect`: the app hears of it; without one the person does. */
  | { readonly ok: false; readonly reason: string; readonly redirect?: string };

/** Reads the query of the consent page. Who is not known, or sends people elsewhere, gets no redirect. */
export function readFlow(consent: Consent, client: Client, query: Readonly<Record<string, string>>): FlowReading {
  const { client_id: id, redirect_uri: redirectUri = '', state } = query;
  if (id !== client.clientId) return { ok: false, reason: 'The app is not known.' };
  const isKnown = client.redirectUris?.includes(redirectUri) ?? URL.canParse(redirectUri);
  if (!isKnown) return { ok: false, reason: 'The redirect address is not the one of the app.' };
  const refuse = (error: string): FlowReading => {
    return { ok: false, reason: error, redirect: redirectTo({ redirectUri, state }, { error }) };
  };
  if (query['response_type'] !== 'code') return refuse('unsupported_response_type');
  const choices = consent.choices(query['scope']);
  if (choices === undefined) return refuse('invalid_scope');
  const { code_challenge: challenge, code_challenge_method: method } = query;
  if (consent.pkce && (method !== 'S256' || !/^[\w-]{43}$/.test(challenge ?? ''))) return refuse('invalid_request');
  return { ok: true, flow: { redirectUri, state, challenge: consent.pkce ? challenge : undefined, choices } };
}

/** The address the browser is sent back to. */
export function redirectTo(
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string | undefined },
  fields: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  if (state !== undefined) url.searchParams.set('state', state);
  return url.href;
}
