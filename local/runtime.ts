import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOAuthClients } from '../app/connect/setup.ts';
import { noteCounts } from '../app/counted.ts';
import { createCounters } from '../app/counters.ts';
import type { Runtime } from '../app/runtime.ts';
import { createInProcessBus, type InProcessBus } from '../ports/bus/in-process.ts';
import type { Clock } from '../ports/clock/clock.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { createDuckDbEngine } from '../ports/engine/duckdb/engine.ts';
import type { Files } from '../ports/files/files.ts';
import type { Ids } from '../ports/ids/ids.ts';
import type { Inbox } from '../ports/inbox/inbox.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import type { Notifier } from '../ports/notifier/notifier.ts';
import { createOutbox } from '../ports/notifier/outbox.ts';
import { createDuckDbReadings } from '../ports/readings/duckdb.ts';
import { createLibsqlState } from '../ports/state/libsql.ts';
import { createSealedVault } from '../ports/vault/sealed.ts';
import { createDuckDbWarehouse } from '../ports/warehouse/duckdb.ts';
import type { Console } from '../ports/warehouse/warehouse.ts';
import { createEgress } from '../providers/kit/egress/create.ts';
import { createKeyring } from '../providers/kit/keyring.ts';
import type { ProviderSettings } from '../providers/kit/provider.ts';
import { createDenyList } from './deny-list.ts';
import { createExports } from './exports.ts';
import { createInbox } from './inbox.ts';
import { type Bucket, openObjects } from './objects.ts';
import { createOwnerToken } from './owner-token.ts';
import { createPremises } from './premises.ts';
import { ensurePrivateDirectory, ensureSecret } from './secret.ts';
import { readServing, recordServing } from './serving.ts';
import { createSettings } from './settings.ts';
import { openVaultKeys } from './vault-key.ts';
import { readVersion } from './version.ts';

export interface LocalOptions {
  readonly dataDir: string;
  /** Without it: the address of the server that runs or ran last on this directory. */
  readonly publicUrl?: string | undefined;
  /** IANA zone of people who name none; without it the zone of this machine. */
  readonly zone?: string | undefined;
  /** In the place of the one kept in `owner.token`. */
  readonly ownerToken?: string | undefined;
  /** Client ids and addresses by provider; client secrets come from the vault. */
  readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
  /** Days fetched again with every look, and at once after connecting; 7 each when absent. */
  readonly lookbackDays?: number | undefined;
  readonly firstFetchDays?: number | undefined;
  /** Days after which what nobody has connected is deleted; 7 when absent. */
  readonly unclaimedDays?: number | undefined;
  /** The batch rule; 3 objects or 900 s when absent. */
  readonly batch?: { readonly size: number; readonly windowSeconds: number } | undefined;
  /** Between two rounds of a server that look for whatever no event told; 900 when absent. */
  readonly sweepSeconds?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly ids?: Ids | undefined;
  readonly onWait?: Runtime['onWait'];
  /** Where raw objects are kept in the place of the data directory. */
  readonly objects?: Bucket | undefined;
  /** The file system raw objects are written to; this machine's when absent. */
  readonly files?: Files | undefined;
  /** No request to a provider may take longer. */
  readonly longestRequestMs?: number | undefined;
}

/** The runtime of one machine: everything below one data directory. */
export interface LocalRuntime extends Runtime {
  readonly inbox: Inbox;
  readonly notifier: Notifier;
  readonly bus: InProcessBus;
  readonly console: Console;
  readonly dataDir: string;
  readonly batch: { readonly size: number; readonly windowSeconds: number };
  readonly sweepSeconds: number;
  /** Whether this start made the owner's token, so that it is shown once. */
  readonly ownerTokenMade: boolean;
  /** Tells this and other processes on the directory the address the server answers at; publicUrl follows unless it was given. */
  announce(url: string): Promise<void>;
  /** Reads again what other processes may have changed: revoked keys, forgotten accounts, client secrets and the owner's token. At most once a second. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

const MODELS = fileURLToPath(new URL('../models', import.meta.url));
const DEFAULT_URL = 'http://127.0.0.1:8787';

/** Chooses the drivers of one machine and opens the data directory, which is made when there is none. */
export async function openRuntime(options: LocalOptions): Promise<LocalRuntime> {
  const { dataDir } = options;
  ensurePrivateDirectory(dataDir);
  const clock = options.clock ?? createSystemClock();
  const ids = options.ids ?? createRandomIds();
  const secrets = ensureSecret(join(dataDir, 'ingest.secret'), () => ids.secret(32), ids).value.split('\n');
  const owner = createOwnerToken({ file: join(dataDir, 'owner.token'), override: options.ownerToken, ids });
  const state = createLibsqlState({ file: join(dataDir, 'state.db'), clock });
  // Not the runtime's ids: a demo's are seeded, and what seals must never come twice.
  const random = createRandomIds();
  const vault = createSealedVault({ state, keys: openVaultKeys(join(dataDir, 'vault.key'), random), ids: random });
  const lake = { directory: join(dataDir, 'lake'), modelsDirectory: MODELS };
  const engine = createDuckDbEngine({ ...lake, clock });
  const warehouse = createDuckDbWarehouse(lake);
  const outbox = createOutbox({ directory: join(dataDir, 'outbox') });
  const bus = createInProcessBus({ clock });
  const denied = createDenyList({ state, clock });
  await denied.refresh();
  const counters = createCounters();
  const { settings, refresh: readSettings } = createSettings({ vault, state, clock, fixed: options.settings ?? {} });
  await readSettings();
  let address = options.publicUrl ?? (await readServing(state))?.public_url ?? DEFAULT_URL;

  return {
    dataDir,
    objects: await openObjects({ dataDir, bucket: options.objects, files: options.files }),
    bus,
    clock,
    ids,
    counters,
    state,
    vault,
    oauthClient: createOAuthClients({ settings, clock }),
    lookbackDays: options.lookbackDays ?? 7,
    firstFetchDays: options.firstFetchDays ?? 7,
    unclaimedDays: options.unclaimedDays ?? 7,
    engine,
    warehouse,
    console: warehouse,
    readings: createDuckDbReadings(warehouse),
    notifier: outbox,
    mailbox: outbox,
    premises: createPremises(dataDir),
    exports: createExports(dataDir, clock),
    inbox: createInbox(dataDir),
    keyring: createKeyring({ secrets, isRevoked: denied.has }),
    isForgotten: denied.isForgotten,
    settings,
    egress: createEgress({ settings, longestMs: options.longestRequestMs }),
    onWait: options.onWait,
    sweepSeconds: options.sweepSeconds ?? 900,
    batch: options.batch ?? { size: 3, windowSeconds: 900 },
    zone: options.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    version: readVersion(),
    ownerTokenMade: owner.made,
    get ownerToken() {
      return owner.value();
    },
    get publicUrl() {
      return address;
    },
    async announce(url) {
      address = options.publicUrl ?? url;
      await recordServing(state, { pid: process.pid, url, public_url: address });
    },
    async refresh() {
      owner.refresh();
      await denied.refresh();
      await readSettings();
    },
    async close() {
      await bus.close();
      await engine.close();
      await warehouse.close();
      // Counts are only told: a disk that is full must not keep the rest from closing.
      await noteCounts({ state, clock, counters }).catch(() => undefined);
      await state.close();
    },
  };
}
