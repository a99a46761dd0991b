import type { Bus, WorkAsked } from '../ports/bus/bus.ts';
import type { Clock } from '../ports/clock/clock.ts';
import type { Engine } from '../ports/engine/engine.ts';
import type { Workflow } from '../ports/engine/glue.ts';
import type { Exports } from '../ports/exports/exports.ts';
import type { Ids } from '../ports/ids/ids.ts';
import type { Inbox } from '../ports/inbox/inbox.ts';
import type { Addresses } from '../ports/notifier/addresses.ts';
import type { Mailbox } from '../ports/notifier/notifier.ts';
import type { Objects } from '../ports/objects/objects.ts';
import type { Premises } from '../ports/premises/premises.ts';
import type { Readings } from '../ports/readings/readings.ts';
import type { State } from '../ports/state/state.ts';
import type { Vault } from '../ports/vault/vault.ts';
import type { Warehouse } from '../ports/warehouse/warehouse.ts';
import type { Egress } from '../providers/kit/egress/egress.ts';
import type { OAuthClient } from '../providers/kit/oauth/oauth.ts';
import type { Counters } from './counters.ts';
import type { Wait } from './lease.ts';
import type { Measure } from './measure.ts';
import type { Copy } from './readings/copy.ts';
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
  /** Shown by `/healthz`. */
  readonly version: string;
  /** Counts what happened at the doors, by provider and reason. */
  readonly counters?: Counters;
}

/** Everything the use-cases need, chosen once by a composition root. */
export interface Runtime extends ReceiveRuntime {
  readonly state: State;
  /** Grants (`connection/<id>`) and client secrets (`client/<provider>`). */
  readonly vault: Vault;
  /** The only way out to providers. */
  readonly egress: Egress;
  /** The OAuth calls of a provider that has an OAuth side; rejects with `no_oauth` for another one. */
  readonly oauthClient: (provider: string) => Promise<OAuthClient>;
  /** Days fetched again with every look, and days fetched at once after connecting (contract: configuration). */
  readonly lookbackDays: number;
  readonly firstFetchDays: number;
  readonly engine: Engine;
  readonly warehouse: Warehouse;
  readonly readings: Readings;
  /** Where delivered messages can be read again; undefined when they leave the machine. */
  readonly mailbox?: Mailbox;
  /** What is kept beside the other ports, for whoever has to be forgotten; undefined where nobody can be. */
  readonly premises?: Premises;
  /** Where built exports wait to be fetched; undefined where none can be built. */
  readonly exports?: Exports;
  /** Where files wait to be imported; undefined where none can be handed in. */
  readonly inbox?: Inbox;
  /** The largest file that is imported here, in bytes: a file is read whole. */
  readonly importBytes?: number;
  /** Hands over what an answer does not wait for; undefined where this process does it itself, in the background. */
  readonly hand?: (work: WorkAsked['work']) => Promise<void>;
  /** Tells doors that look nobody up whom to refuse from now on; undefined where they read the state. */
  readonly denied?: () => Promise<void>;
  /** Where batches run elsewhere: what starts a run, and how old (s) something unpublished is before the sweep does. */
  readonly workflow?: Pick<Workflow, 'start'>;
  readonly batchWindowSeconds?: number;
  /** Where readings are a copy of what batches published: the records of those, and the copy that has to be told. */
  readonly copy?: Copy;
  /** Where people's messages go to addresses of theirs; undefined where they stay on this machine. */
  readonly addresses?: Addresses;
  /** How much a message tells; everything when absent. */
  readonly mailDetail?: 'totals' | 'full';
  /** Days after which what nobody has connected is deleted; 7 when absent. */
  readonly unclaimedDays?: number;
  /** Hears figures that somebody is woken by. */
  readonly measure?: (name: Measure, value: number) => void;
  /** Hears when something has to wait for what another process does; undefined where nobody listens. */
  readonly onWait?: ((wait: Wait) => void) | undefined;
  /** Opens the pages and the API as the owner; compared in constant time, never logged. */
  readonly ownerToken: string;
  /** The address redirect and webhook URLs are made from, without a trailing slash. */
  readonly publicUrl: string;
  /** IANA zone of a person who names none. */
  readonly zone: string;
}
