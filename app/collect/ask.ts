import { judgeByStatus, type ApiAnswer, type Verdict } from '../../providers/kit/api.ts';
import type { EgressResult } from '../../providers/kit/egress/egress.ts';
import { readJson } from '../../providers/kit/json.ts';
import type { Secret } from '../../providers/kit/secret.ts';
import { pause, takePlace } from '../limits.ts';
import { access, noteAccepted } from '../refresh.ts';
import { backoffMs } from '../retry.ts';
import { HOUR_MS, type CollectRuntime, type Patience } from './runtime.ts';
import type { Source } from './source.ts';

/** Tries of one request before it is left for later. */
const TRIES = 3;
const BACKGROUND_WAIT_MS = 2_000;

/** What became of one request, by the provider's own judgement. */
export type Answered =
  | { readonly ok: true; readonly answer: ApiAnswer; readonly text: string; readonly json: unknown }
  /** There is no grant to ask with; only the person can change that. */
  | { readonly ok: false; readonly kind: 'ended' }
  | {
      readonly ok: false;
      readonly kind: 'not_allowed' | 'door_closed' | 'request_refused';
      readonly detail: string;
      readonly status: number;
    }
  /** Without `retryAtMs`: whenever the caller thinks best. */
  | { readonly ok: false; readonly kind: 'later'; readonly retryAtMs?: number; readonly detail: string };

type Send = (token: Secret | undefined) => Promise<EgressResult>;
type Round =
  | Answered
  | { readonly again: 'refreshed' | 'limited' | 'failed'; readonly detail: string; readonly retryAtMs?: number };

/**
 * Sends one request for a connection within the provider's limits and with its token, at most three times; a token the provider
 * does not take is renewed once. An answer without a body is the JSON null. Never throws for what a provider does.
 */
export async function ask(
  runtime: CollectRuntime,
  source: Source,
  send: Send,
  patience: Patience = {},
): Promise<Answered> {
  let refused: number | undefined;
  for (let failures = 0; ;) {
    const round = await once(runtime, source, send, patience, refused);
    if ('ok' in round.said) return round.said;
    const { again, detail, retryAtMs } = round.said;
    if (again === 'refreshed') {
      refused = round.generation;
      continue;
    }
    failures += 1;
    const later = retryAtMs === undefined ? {} : { retryAtMs };
    if (failures >= TRIES) return { ok: false, kind: 'later', detail, ...later };
    // A limited one waits in the line for the next place.
    if (again === 'failed' && !(await slept(runtime, backoffMs(failures - 1, runtime.ids), patience.signal))) {
      return { ok: false, kind: 'later', detail };
    }
  }
}

/** False when the wait was ended. */
async function slept({ clock }: CollectRuntime, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}

async function once(
  runtime: CollectRuntime,
  source: Source,
  send: Send,
  { maxWaitMs = BACKGROUND_WAIT_MS, signal }: Patience,
  refused: number | undefined,
): Promise<{ readonly said: Round; readonly generation?: number }> {
  const { provider, connection } = source;
  const stopped = { said: { ok: false, kind: 'later', detail: 'It was stopped.' } } as const;
  if (signal?.aborted === true) return stopped;
  const waiting = takePlace(runtime, provider, connection.account, { maxWaitMs, ...(signal && { signal }) });
  const place = await waiting.catch((error: unknown) => {
    if (signal?.aborted === true) return undefined;
    throw error;
  });
  if (place === undefined) return stopped;
  if (!place.ok)
    return {
      said: {
        ok: false,
        kind: 'later',
        retryAtMs: place.retryAtMs,
        detail: 'The provider limits how often it is asked.',
      },
    };
  // Only a grant has a token: the address of a notice of a linked account carries its own.
  const granted =
    connection.kind === 'oauth'
      ? await access(runtime, connection.connection_id, refused === undefined ? {} : { refused })
      : undefined;
  if (granted?.ok === false) {
    if (granted.reason !== 'later') return { said: { ok: false, kind: 'ended' } };
    return {
      said: {
        ok: false,
        kind: 'later',
        retryAtMs: granted.retryAtMs,
        detail: 'The access token could not be renewed yet.',
      },
    };
  }
  const said = await judged(runtime, source, await send(granted?.token), granted?.token);
  if ('ok' in said && said.ok && granted !== undefined) {
    await noteAccepted(runtime, connection.connection_id, granted.generation);
  }
  if (!('kind' in said) || said.kind !== 'unauthorised') return { said };
  if (granted !== undefined && refused === undefined) {
    return { said: { again: 'refreshed', detail: '' }, generation: granted.generation };
  }
  // With a token just renewed it is not the token: some providers answer so where a scope is missing.
  return {
    said: {
      ok: false,
      kind: 'not_allowed',
      detail: `${provider.name} does not accept the token for this.`,
      status: 401,
    },
  };
}

async function judged(
  runtime: CollectRuntime,
  { provider, connection }: Source,
  sent: EgressResult,
  token: Secret | undefined,
): Promise<Round | { readonly kind: 'unauthorised' }> {
  if (!sent.ok) {
    const { reason, detail } = sent;
    if (reason !== 'refused_address') return { again: 'failed', detail };
    return { ok: false, kind: 'later', retryAtMs: runtime.clock.now() + HOUR_MS, detail };
  }
  const { answer } = sent;
  const verdict: Verdict = (provider.collect.judge ?? judgeByStatus)(answer);
  switch (verdict.kind) {
    case 'ok':
      return read(answer, token);
    case 'unauthorised':
      return { kind: 'unauthorised' };
    case 'forbidden':
      return { ok: false, kind: 'not_allowed', detail: verdict.detail, status: answer.status };
    case 'gone':
      return {
        ok: false,
        kind: 'door_closed',
        detail: `${provider.name} says there is nothing at this address any more.`,
        status: answer.status,
      };
    case 'limited': {
      const retryAtMs = await pause(runtime, provider, connection.account, verdict.retryAfter);
      return { again: 'limited', detail: 'The provider limits how often it is asked.', retryAtMs };
    }
    case 'refused':
      return { ok: false, kind: 'request_refused', detail: verdict.detail, status: answer.status };
    case 'later':
      break;
  }
  return { again: 'failed', detail: verdict.detail };
}

/** A page of a firewall or a torn answer is no data, whatever its status says; nor is one that says our own token, which must not be kept. */
function read(answer: ApiAnswer, token: Secret | undefined): Round {
  if (answer.body.byteLength === 0) return { ok: true, answer, text: 'null', json: null };
  const json = readJson(answer.body);
  if (!json.ok) return { again: 'failed', detail: 'The answer was not JSON text.' };
  const parsed: unknown = JSON.parse(json.text);
  if (token !== undefined && says(token.reveal(), json.text, parsed)) {
    return { again: 'failed', detail: 'The answer repeated what is secret and was not kept.' };
  }
  return { ok: true, answer, text: json.text, json: parsed };
}

/** Also where the letters are written as escapes (`\/`). */
function says(secret: string, text: string, parsed: unknown): boolean {
  return text.includes(secret) || (text.includes('\\') && JSON.stringify(parsed).includes(secret));
}
