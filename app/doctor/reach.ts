import type { Provider } from '../../providers/kit/provider.ts';
import type { Runtime } from '../runtime.ts';
import type { Check, Finding } from './check.ts';
import { connectedProviders } from './connected.ts';

type ReachRuntime = Pick<Runtime, 'state' | 'settings' | 'egress' | 'clock'>;

const TIMEOUT_MS = 5000;
/** Beyond it deliveries signed just now look expired. */
const LARGEST_SKEW_MS = 300_000;

/** Whether the providers can be reached from here, and whether our clock agrees with theirs. */
export const reach: Check<ReachRuntime> = {
  id: 'reach',
  required: false,
  async run(runtime) {
    const asked = (await connectedProviders(runtime, 'oauth')).filter(
      // A stand-in lives in a time of its own.
      ({ id, oauth }) => oauth !== undefined && runtime.settings(id).baseUrl === undefined,
    );
    return Promise.all(asked.map((provider) => ask(runtime, provider)));
  },
};

async function ask({ egress, clock }: ReachRuntime, provider: Provider): Promise<Finding> {
  const { id, name, oauth } = provider;
  // Without a grant it is refused, whatever the answer: all that counts is that one comes, and when it was written.
  const request = { method: 'GET', url: oauth?.tokenUrl ?? '' } as const;
  const result = await egress.send(provider, request, { timeoutMs: TIMEOUT_MS, maxBytes: 1_000_000 });
  if (!result.ok) {
    const remedy = 'Check the network of this machine: name resolution, firewall, a proxy that wants a sign-in.';
    return result.sent
      ? { ok: true, of: id, detail: `${name} can be reached.` }
      : { ok: false, of: id, detail: `${name}: ${result.detail}`, remedy };
  }
  const theirs = Date.parse(result.answer.headers['date'] ?? '');
  const skewMs = Number.isNaN(theirs) ? 0 : clock.now() - theirs;
  if (Math.abs(skewMs) < LARGEST_SKEW_MS) return { ok: true, of: id, detail: `${name} can be reached.` };
  const detail = `${name} can be reached, but the clock of this machine is ${Math.round(skewMs / 1000)} s ${skewMs > 0 ? 'ahead' : 'behind'}.`;
  return {
    ok: false,
    of: id,
    detail,
    remedy: 'Set the clock by NTP: signed deliveries are refused while it is wrong.',
  };
}
