import type { Runtime } from '../runtime.ts';
import type { Check } from './check.ts';
import { connectedProviders } from './connected.ts';

/** Providers push to a public https address only. */
export const address: Check<Pick<Runtime, 'state' | 'settings' | 'publicUrl'>> = {
  id: 'public_url',
  required: false,
  async run(runtime) {
    const pushing = (await connectedProviders(runtime)).filter(
      ({ id, webhook }) =>
        // A phone of the same network may use plain http; a stand-in for a provider answers for itself.
        webhook !== undefined && webhook.auth !== 'token' && runtime.settings(id).baseUrl === undefined,
    );
    if (pushing.length === 0) return [];
    const { protocol, host } = new URL(runtime.publicUrl);
    if (protocol === 'https:') return [{ ok: true, detail: `Providers reach ${host} by https.` }];
    return [
      {
        ok: false,
        detail: `${pushing.map(({ name }) => name).join(', ')} cannot push to ${runtime.publicUrl}: they need a public https address.`,
        remedy: 'Put a tunnel or proxy in front and start wellspring serve --public-url https://…',
      },
    ];
  },
};
