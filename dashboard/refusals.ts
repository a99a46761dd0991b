import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Refusal } from '../app/connect/refusal.ts';

interface Words {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
}

const AGAIN = 'Nothing was connected. Start again from your connections.';

/** What a callback that led nowhere says. `{name}` is the provider. */
export const REFUSALS: Readonly<Record<Refusal, Words>> = {
  bad_callback: {
    status: 400,
    title: 'This address is not complete',
    detail: 'It is where {name} sends people back to, and something in it is missing, doubled or spoilt.',
    remedy: AGAIN,
  },
  unknown_state: {
    status: 400,
    title: 'This way back has ended',
    detail: 'It works once, within ten minutes of starting.',
    remedy: AGAIN,
  },
  other_browser: {
    status: 403,
    title: 'This was started in another browser',
    detail: 'Only the browser that started connecting {name} can finish it, at the same address.',
    remedy: AGAIN,
  },
  other_provider: {
    status: 400,
    title: 'This answer came to the wrong place',
    detail: 'Connecting was started with one provider, and the answer arrived as if it were from another.',
    remedy: AGAIN,
  },
  wrong_issuer: {
    status: 400,
    title: 'This answer is not from {name}',
    detail: 'It names another issuer than the one that was asked.',
    remedy: AGAIN,
  },
  access_denied: {
    status: 403,
    title: 'You said no at {name}',
    detail: 'That is fine: nothing was connected, and {name} gives us nothing.',
    remedy: 'If it was a slip, start again from your connections.',
  },
  provider_error: {
    status: 400,
    title: '{name} could not ask you',
    detail: 'It answered with an error of its own.',
    remedy: 'Nothing was connected. Try again later; if it stays, the owner should check the app at {name}.',
  },
  code_refused: {
    status: 400,
    title: '{name} did not accept the answer',
    detail: 'The code it gave your browser holds for a short time, and once.',
    remedy: AGAIN,
  },
  client_refused: {
    status: 503,
    title: '{name} does not accept this installation',
    detail: 'The client id or the client secret the owner has set is not right.',
    remedy: 'Nothing was connected. The owner should set them again.',
  },
  provider_unavailable: {
    status: 503,
    title: '{name} does not answer at the moment',
    detail: 'Nothing was connected.',
    remedy: 'Try again in a few minutes.',
  },
  answer_lost: {
    status: 502,
    title: 'The answer of {name} was lost',
    detail: '{name} may believe that access was granted; here nothing was kept.',
    remedy: AGAIN,
  },
  account_unknown: {
    status: 502,
    title: '{name} did not say whose account this is',
    detail: 'Without that nothing can be kept, because it could be put to the wrong person.',
    remedy: AGAIN,
  },
  scopes_unknown: {
    status: 502,
    title: '{name} did not say what you granted',
    detail: 'Access was not kept, because nobody could tell what may be read.',
    remedy: AGAIN,
  },
  nothing_granted: {
    status: 403,
    title: 'Nothing was granted',
    detail: 'Every kind of data was left out at {name}, so there would be nothing to show.',
    remedy: 'Start again from your connections, and leave something ticked.',
  },
  subject_conflict: {
    status: 409,
    title: 'That {name} account is connected to somebody else',
    detail: 'An account belongs to one person at a time. Nothing was changed.',
    remedy: 'Disconnect it there first, or sign in to {name} with your own account.',
  },
};
