import type { Bus } from '../ports/bus/bus.ts';
import type { Clock } from '../ports/clock/clock.ts';
import type { Engine } from '../ports/engine/engine.ts';
import type { Ids } from '../ports/ids/ids.ts';
import type { Notifier } from '../ports/notifier/notifier.ts';
import type { Objects } from '../ports/objects/objects.ts';
import type { Readings } from '../ports/readings/readings.ts';
import type { State } from '../ports/state/state.ts';
import type { Warehouse } from '../ports/warehouse/warehouse.ts';
import type { Keyring, ProviderSettings } from '../providers/kit/provider.ts';

/** What the acknowledging path may use: it looks nobody up. */
export interface ReceiveRuntime {
  readonly objects: Objects;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keyring: Keyring;
  /** Accounts that were forgotten: their pushes are answered 2xx and not kept. */
  readonly isForgotten: (account: string) => boolean;
  readonly settings: (provider: string) => ProviderSettings;
}

/** Everything the use-cases need, chosen once by a composition root. */
export interface Runtime extends ReceiveRuntime {
  readonly state: State;
  readonly engine: Engine;
  readonly warehouse: Warehouse;
  readonly readings: Readings;
  readonly notifier: Notifier;
  /** The address redirect and webhook URLs are made from, without a trailing slash. */
  readonly publicUrl: string;
  readonly version: string;
  /** IANA zone of a person who names none. */
  readonly zone: string;
}
