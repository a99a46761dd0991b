import { createOAuthClient } from '../../../../providers/kit/oauth/client.ts';
import { Secret } from '../../../../providers/kit/secret.ts';

/** Refreshes once at the address given, with every debug output asked for. */
const client = createOAuthClient({
  provider: {
    id: 'example',
    oauth: {
      authorizeUrl: 'https://api.example/authorize',
      tokenUrl: 'https://api.example/token',
      scopes: {},
      scopeSeparator: ' ',
      pkce: false,
      clientAuth: 'body',
      account: { field: 'id' },
      refresh: { rotates: false },
    },
  },
  settings: { clientId: 'us', clientSecrets: [new Secret('canary-secret')], baseUrl: process.argv[2] },
  nowMs: () => 0,
});
const outcome = await client.refresh(new Secret('canary-token'));
process.stdout.write(`${String(outcome.ok)} ${JSON.stringify(outcome)}\n`);
