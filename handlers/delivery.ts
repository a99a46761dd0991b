import type { Denied } from '../app/denied.ts';
import type { ReceiveRuntime } from '../app/runtime.ts';
import type { AwsConnection } from '../ports/aws.ts';
import { createEventBridgeBus } from '../ports/bus/eventbridge.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { createS3Objects } from '../ports/objects/s3.ts';
import type { Objects } from '../ports/objects/objects.ts';
import { readSecret } from '../ports/secret/secrets-manager.ts';
import { createKeyring } from '../providers/kit/keyring.ts';
import type { Keyring } from '../providers/kit/provider.ts';
import { type Environment, type FunctionName, namespaceOf } from './environment.ts';
import { createFigures, type Figures } from './figures.ts';
import { createHeld, SECRETS_MS } from './held.ts';
import { settingsOf } from './settings.ts';
import { version } from './version.ts';

/** What every function that stores something has, and all that `receive` has. */
export interface Delivery extends ReceiveRuntime, Pick<Figures, 'measure'> {
  /** Reads again, at most once a minute, who is turned away, and what others are verified with, more seldom. */
  readonly refresh: () => Promise<void>;
}

export interface DeliveryOptions {
  readonly name: FunctionName;
  readonly environment: Environment<'receive'>;
  /** Where it is written down who is turned away. */
  readonly denied: (objects: Objects) => Promise<Denied>;
  /** How the bucket and the bus are asked; the default is what drivers do by themselves. */
  readonly connection?: AwsConnection;
}

/** Whoever is turned away is so everywhere after this. */
const DENIED_MS = 60_000;

/** Reads the secrets of the stack and chooses the drivers of the raw bucket and the bus. Throws what the drivers throw. */
export async function openDelivery({ name, environment, denied, connection = {} }: DeliveryOptions): Promise<Delivery> {
  const clock = createSystemClock();
  const objects = createS3Objects({ bucket: environment.RAW_BUCKET, connection });
  const list = createHeld({ read: () => denied(objects), clock, againMs: DENIED_MS });
  const isRevoked = (keyid: string): boolean => list.value().keys.has(keyid);
  const secrets = createHeld({
    async read() {
      const arns = [environment.INGEST_SECRET, environment.CLIENT_SECRETS] as const;
      const [ingest, clients] = await Promise.all([readSecret(arns[0], connection), readSecret(arns[1], connection)]);
      const keyring = createKeyring({ secrets: ingest.trim().split('\n'), isRevoked });
      return { keyring, settings: settingsOf(environment.CLIENT_IDS, clients) };
    },
    clock,
    againMs: SECRETS_MS,
  });
  const refresh = async (): Promise<void> => void (await Promise.all([list.refresh(), secrets.refresh()]));
  await refresh();
  const keyring = (): Keyring => secrets.value().keyring;
  const figures = createFigures({
    namespace: namespaceOf(name),
    clock,
    write: (line) => void process.stdout.write(line),
  });
  return {
    objects,
    bus: createEventBridgeBus({ bus: environment.BUS, connection }),
    clock,
    ids: createRandomIds(),
    keyring: {
      check: (...given) => keyring().check(...given),
      issue: (...given) => keyring().issue(...given),
      signing: (...given) => keyring().signing(...given),
    },
    isForgotten: (account) => list.value().accounts.has(account),
    settings: (provider) => secrets.value().settings(provider),
    version,
    ...figures,
    refresh,
  };
}
