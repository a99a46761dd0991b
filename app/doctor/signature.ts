import type { Provider } from '../../providers/kit/provider.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { type Signature, signDelivery } from '../../providers/kit/signature.ts';
import type { Runtime } from '../runtime.ts';
import { verify } from '../verify.ts';
import type { Check, Finding } from './check.ts';
import { connectedProviders } from './connected.ts';

type SignatureRuntime = Pick<Runtime, 'state' | 'settings' | 'keyring' | 'clock'>;

/** A made-up delivery signed with the stored secret must pass the door's own check, and with one byte changed it must not. */
export const signature: Check<SignatureRuntime> = {
  id: 'signature',
  required: true,
  async run(runtime) {
    const all = await connectedProviders(runtime);
    return all.flatMap((provider) => {
      const form = provider.webhook?.signature;
      return form === undefined ? [] : [selfTest(runtime, provider, form)];
    });
  },
};

function selfTest(runtime: SignatureRuntime, provider: Provider, form: Signature): Finding {
  const { id, name } = provider;
  const secret = runtime.settings(id).clientSecrets?.[0] ?? new Secret('');
  const headers = signDelivery(form, '{}', secret, runtime.clock.now());
  const judge = (text: string) =>
    verify(runtime, provider, { body: new TextEncoder().encode(text), headers, key: undefined });
  const [right, changed] = [judge('{}'), judge('[]')];
  if (right.ok && !changed.ok) {
    return { ok: true, of: id, detail: `${name}: a delivery signed with the stored secret is accepted.` };
  }
  const why = right.ok ? 'a changed delivery is accepted' : `it is refused as ${right.reason}`;
  return {
    ok: false,
    of: id,
    detail: `${name}: the self-test of the signature failed: ${why}.`,
    remedy: `Set the secret that stands at ${provider.portal} with wellspring secret set ${id}.clientSecret.`,
  };
}
