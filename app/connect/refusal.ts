import type { TokenOutcome } from '../../providers/kit/oauth/oauth.ts';

/** Why a callback led to no connection; stable words that pages put into sentences. */
export type Refusal =
  /** Not a callback any provider sends. */
  | 'bad_callback'
  /** Unknown, used, or older than ten minutes. */
  | 'unknown_state'
  | 'other_browser'
  | 'other_provider'
  | 'wrong_issuer'
  /** The person said no. */
  | 'access_denied'
  | 'provider_error'
  /** The provider did not take the code, or not our client id and secret. */
  | 'code_refused'
  | 'client_refused'
  | 'provider_unavailable'
  | 'answer_lost'
  | 'account_unknown'
  | 'scopes_unknown'
  | 'nothing_granted'
  | 'subject_conflict';

/** The refusal an exchange that gave no tokens ends with. */
export function refusalOf(outcome: TokenOutcome & { readonly ok: false }): Refusal {
  if (outcome.kind === 'later') return 'provider_unavailable';
  if (outcome.kind === 'unknown') return 'answer_lost';
  return ['invalid_client', 'unauthorized_client'].includes(outcome.error) ? 'client_refused' : 'code_refused';
}
