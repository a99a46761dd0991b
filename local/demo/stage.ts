import { setClientSecret } from '../../app/client-secret.ts';
import { providerNamed } from '../../app/provider.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import type { ProviderSettings } from '../../providers/kit/provider.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { listen, stopListening } from '../listen.ts';
import type { LocalRuntime } from '../runtime.ts';
import { rememberPlayed } from '../settings.ts';
import { createChance } from '../sandbox/chance.ts';
import type { Faults } from '../sandbox/fault.ts';
import { FETCHED, type Population } from '../sandbox/people.ts';
import { createSandbox, type Sandbox } from '../sandbox/server/sandbox.tsx';
import type { DemoClock } from './clock.ts';

/** The simulated providers of a demo at their address, and what the product has to know of them. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly settings: Readonly<Record<string, ProviderSettings>>;
  close(): Promise<void>;
}

const GRACE_MS = 2_000;
const DAY_S = 86_400;
/** What the fetched providers come to know while the demo looks on; all that is older they have known for long. */
const NEWS_S = 3 * DAY_S;
/** Two people, and no time to lose: the providers on this machine allow what the real ones do not. */
const PLENTY = { requests: 1_000_000, windowS: 60 };
/** Where tokens are to be renewed while one looks on. */
const SHORT_LIFE_S = 1_200;
/** Longer than a request may take. */
const STALL_MS = 2_500;

/** No request of the demo takes longer; a provider that stalls is given up in time. */
export const LONGEST_REQUEST_MS = 2_000;

/** Opens the providers people are fetched from, on a free port of their own. `hastens`: tokens end soon and pages are short, so that much can go wrong. */
export async function openStage(
  { holdings }: Pick<Population, 'holdings'>,
  {
    clock,
    host,
    faults,
    hastens,
  }: { readonly clock: DemoClock; readonly host: string; readonly faults: Faults; readonly hastens: boolean },
): Promise<Stage> {
  const ids = createRandomIds();
  // Secrets and tokens are never foreseeable, not even those of made-up people.
  const clients = FETCHED.map((id) => [id, { clientId: `demo-${id}`, clientSecret: ids.secret(32) }] as const);
  const sandbox = createSandbox({
    holdings,
    credentials: Object.fromEntries(clients),
    // Its own waits are no waits for the product: they take the time they take.
    clock: { now: () => clock.now(), sleep: (ms, signal) => createSystemClock().sleep(ms, signal) },
    chance: createChance(ids.secret(16)),
    faults,
    knownUntilS: Math.floor(clock.now() / 1000) - NEWS_S,
    limits: Object.fromEntries(FETCHED.map((id) => [id, PLENTY])),
    stallMs: STALL_MS,
    ...(hastens && { accessLifeS: SHORT_LIFE_S, pageSize: 60 }),
  });
  const { server, url } = await listen(sandbox.app, { port: 0, host });
  const settings = clients.map(([id, { clientId, clientSecret }]) => [
    id,
    { clientId, clientSecrets: [new Secret(clientSecret)], baseUrl: `${url}/${id}`, limits: [] },
  ]);
  return {
    sandbox,
    url,
    settings: Object.fromEntries(settings),
    async close() {
      sandbox.close();
      await stopListening(server, createSystemClock(), GRACE_MS);
    },
  };
}

/** Tells every process on this data directory where the providers are; what it knows of them ends with it. */
export async function keepStage(
  runtime: Pick<LocalRuntime, 'state' | 'vault' | 'clock'>,
  settings: Stage['settings'],
): Promise<void> {
  await rememberPlayed(runtime.state, settings);
  for (const [id, { clientSecrets: [secret] = [] }] of Object.entries(settings)) {
    if (secret !== undefined) await setClientSecret(runtime, providerNamed(id), secret.reveal());
  }
}
