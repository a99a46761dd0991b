import type { Runtime } from '../runtime.ts';
import type { Check, Finding } from './check.ts';
import { connectedProviders } from './connected.ts';

/** What stands in examples and forms in the place of a value. */
const PLACEHOLDER =
  /^(change[ _-]?me|place[ _-]?holder|your[ _-].*|todo|secret|client[ _-]?(id|secret)|x{3,}|\*+|<.*>|\.{3})$/i;

/** The app's own credentials at each provider somebody is connected to by OAuth: without them no token can be renewed. */
export const credentials: Check<Pick<Runtime, 'state' | 'settings'>> = {
  id: 'credentials',
  required: true,
  async run(runtime) {
    // A linked account needs none: what comes, comes by itself.
    const providers = await connectedProviders(runtime, 'oauth');
    return providers.map(({ id, name }): Finding => {
      const { clientId, clientSecrets = [], isSecretUnreadable } = runtime.settings(id);
      const [newest] = clientSecrets;
      const missing = [
        ...(isUsable(clientId) ? [] : ['client id']),
        ...(isUsable(newest?.reveal()) ? [] : ['client secret']),
      ];
      if (missing.length === 0) return { ok: true, of: id, detail: `${name}: client id and secret are set.` };
      if (isSecretUnreadable === true) {
        const remedy = `Copy it from the portal and set it again: wellspring secret set ${id}.clientSecret < FILE`;
        return { ok: false, of: id, detail: `${name}: the client secret is kept and cannot be opened.`, remedy };
      }
      return {
        ok: false,
        of: id,
        detail: `${name}: the ${missing.join(' and the ')} is missing or a placeholder.`,
        remedy: `Set ${id}ClientId in the configuration, and the secret with wellspring secret set ${id}.clientSecret.`,
      };
    });
  },
};

function isUsable(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '' && !PLACEHOLDER.test(text.trim());
}
