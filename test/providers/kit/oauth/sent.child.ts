import { createOAuthClient } from '../../../../providers/kit/oauth/client.ts';
import { Secret } from '../../../../providers/kit/secret.ts';
import { oauthWith } from '../../../app/refresh/parts.ts';
import { TIME_OUT_MS } from '../../../support/time-out.ts';

/** Refreshes once at each address given, all at the same time, and says what it made of it. */
const outcomes = process.argv.slice(2).map(async (baseUrl) => {
  const settings = { clientId: 'us', clientSecrets: [new Secret('secret')], baseUrl };
  const provider = { id: 'somewhere', oauth: oauthWith({ rotates: true }) };
  const client = createOAuthClient({ provider, settings, nowMs: () => 0, timeoutMs: TIME_OUT_MS });
  const outcome = await client.refresh(new Secret('token'));
  return outcome.ok ? 'ok' : outcome.kind;
});
process.stdout.write(JSON.stringify(await Promise.all(outcomes)));
