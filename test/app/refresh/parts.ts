import type { Egress } from '../../../providers/kit/egress/egress.ts';
import type { OAuth } from '../../../providers/kit/oauth/oauth.ts';

/** A provider's OAuth side of which only refreshing matters. */
export function oauthWith(refresh: OAuth['refresh']): OAuth {
  return {
    authorizeUrl: 'https://somewhere.example/authorize',
    tokenUrl: 'https://somewhere.example/token',
    scopes: {},
    scopeSeparator: ' ',
    pkce: false,
    clientAuth: 'body',
    account: { field: 'userid' },
    refresh,
  };
}

const refuse = () => Promise.reject(new TypeError('Nothing is sent here.'));

export const egressNobodyUses: Egress = { send: refuse, follow: refuse };
