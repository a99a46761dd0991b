import * as z from 'zod';
import { PortError } from '../ports/errors.ts';
import type { ProviderSettings } from '../providers/kit/provider.ts';
import { Secret } from '../providers/kit/secret.ts';

const secrets = z.record(z.string(), z.string());

/** The owner's keys at the providers: ids by provider, and the text of the secret that holds theirs as JSON. Throws `secret_unreadable`. */
export function settingsOf(
  clientIds: Readonly<Record<string, string>>,
  text: string,
): (provider: string) => ProviderSettings {
  const kept = new Map(Object.entries(read(text)));
  const ids = new Map(Object.entries(clientIds));
  return (provider) => {
    const secret = kept.get(provider);
    return { clientId: ids.get(provider), clientSecrets: secret === undefined ? [] : [new Secret(secret)] };
  };
}

/** Neither the text nor what a parser says of it leaves here. */
function read(text: string): z.infer<typeof secrets> {
  try {
    return secrets.parse(JSON.parse(text));
  } catch {
    throw new PortError('secret_unreadable', 'The secret with the client secrets is no JSON of texts by provider.', {
      remedy: 'Set <provider>ClientSecret with pulumi config set --secret and run pulumi up.',
    });
  }
}
