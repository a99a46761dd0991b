import { describe } from 'vitest';
import type { ApiAnswer, Verdict } from '../../providers/kit/api.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { doorContract } from './provider/door.ts';
import { fetchContract } from './provider/fetch.ts';
import { grantContract } from './provider/grant.ts';
import { identityContract } from './provider/identity.ts';
import { subscriptionContract } from './provider/subscription.ts';
import { tablesContract } from './provider/tables.ts';

/** What is recorded of a provider: texts of test/fixtures, and the reasons where there are none. */
export interface Evidence {
  /** Every type it has: the text of a delivery's part, an answer or an import that holds one, or why nothing is recorded. */
  readonly types: Readonly<Record<string, string | { readonly why: string }>>;
  /** Types that are kept and not read yet, with the reason; notices and control messages, which hold no value, are named so too. */
  readonly unread?: Readonly<Record<string, string>>;
  /** Bodies as the door takes them, JSON text; a form is one JSON string. */
  readonly deliveries?: readonly string[];
  /** Answers of the token endpoint as parsed JSON: a grant, and errors with the word of RFC 6749 each means. */
  readonly tokens?: { readonly grant: unknown; readonly errors: readonly (readonly [unknown, string])[] };
  /** Answers with what each means. */
  readonly answers?: readonly (readonly [ApiAnswer, Verdict['kind']])[];
}

/** What every provider must do, judged from its data and from what is recorded of it. */
export function providerContract(provider: Provider, evidence: Evidence): void {
  describe(`provider: ${provider.id}`, () => {
    identityContract(provider);
    if (provider.webhook !== undefined) doorContract(provider, provider.webhook, evidence);
    if (provider.oauth !== undefined) grantContract(provider, provider.oauth, evidence);
    if (provider.collect !== undefined) fetchContract(provider, provider.collect, evidence);
    if (provider.subscribe !== undefined) subscriptionContract(provider, provider.subscribe);
    tablesContract(provider, evidence);
  });
}
