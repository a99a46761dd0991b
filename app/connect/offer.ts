import type { Runtime } from '../runtime.ts';
import { clientOf, oauthProvider } from './setup.ts';
import { makeTicket } from './ticket.ts';

/** An address that starts the flow of one provider for one person within ten minutes, and the id its outcome is asked by. */
export interface Offer {
  readonly id: string;
  readonly url: string;
}

/** Makes such an address for whoever has no session; throws `unknown_provider`, `no_oauth`, `client_missing`, `client_secret_unreadable`. */
export async function offerAccess(
  runtime: Pick<Runtime, 'state' | 'clock' | 'ids' | 'publicUrl' | 'settings' | 'oauthClient'>,
  { provider, userId }: { readonly provider: string; readonly userId: string },
): Promise<Offer> {
  await clientOf(runtime, oauthProvider(provider));
  const { id, secret } = await makeTicket(runtime, { provider, userId });
  const query = new URLSearchParams({ user_id: userId, ticket: secret });
  return { id, url: `${runtime.publicUrl}/oauth/${provider}/start?${query.toString()}` };
}
