import { selftest } from '../../providers/kit/selftest.ts';
import { signDelivery } from '../../providers/kit/signature.ts';
import type { Runtime } from '../runtime.ts';

/** How many are measured. */
const DELIVERIES = 20;

/** A delivery ready to be sent by POST, as a provider would send it. */
export interface TestDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Twenty deliveries to the self-test's door, signed now: the door takes them for five minutes. They say nothing of anybody. */
export function testDeliveries(
  runtime: Pick<Runtime, 'keyring' | 'clock' | 'ids' | 'publicUrl'>,
): readonly TestDelivery[] {
  const { signature } = selftest.webhook;
  const url = `${runtime.publicUrl}/webhooks/${selftest.id}`;
  const [secret] = runtime.keyring.signing(selftest.id);
  if (secret === undefined) return [];
  return Array.from({ length: DELIVERIES }, (_, at) => {
    const body = JSON.stringify({ selftest: runtime.ids.id('t', 12), number: at + 1 });
    const signed = signDelivery(signature, body, secret, runtime.clock.now());
    return { url, headers: { 'content-type': 'application/json', ...signed }, body };
  });
}
