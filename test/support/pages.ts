import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Runtime } from '../../app/runtime.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import type { Notifier } from '../../ports/notifier/notifier.ts';
import { createOutbox } from '../../ports/notifier/outbox.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import type { Range, Readings } from '../../ports/readings/readings.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import type { Row, Warehouse } from '../../ports/warehouse/warehouse.ts';
import { createEgress } from '../../providers/kit/egress/create.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import { temporaryDirectory } from './directory.ts';
import { openVault } from './vault.ts';

/** Thursday 5 March 2026, 09:00 in Paris. */
export const NOW = Date.UTC(2026, 2, 5, 8);
export const OWNER_TOKEN = 'a-token-only-the-owner-knows';
export const ORIGIN = 'http://127.0.0.1:8787';

/** Published rows handed in by a test, in the place of an engine's tables: what pages do with rows is under test, not the rows. */
export interface Published {
  readonly daily?: readonly Row[];
  readonly meals?: readonly Row[];
  readonly baselines?: readonly Row[];
  readonly anomalies?: readonly Row[];
  readonly readiness?: readonly Row[];
  /** Rows by the name of the query that asks. */
  readonly queries?: Readonly<Record<string, readonly Row[]>>;
}

/** One `daily_metrics` row; final three days after its day unless said otherwise. */
export function dayRow(user: string, day: string, metric: string, value: number, more: Row = {}): Row {
  const final_at = new Date(Date.parse(`${day}T23:00:00Z`) + 72 * 3_600_000).toISOString();
  return { user_id: user, local_date: day, metric, value, winner_source: 'garmin', n_sources: 1, final_at, ...more };
}

/** One `baselines_daily` row: `normal` is mean and sd; how the value stands against them is said, not worked out. */
export function baselineRow(
  user: string,
  day: string,
  metric: string,
  normal: readonly [mean: number, sd: number] | undefined,
  more: Row = {},
): Row {
  const [mean, sd] = normal ?? [null, null];
  return { user_id: user, local_date: day, metric, mean, sd, n: 28, direction: null, z: null, ...more };
}

/** A runtime over a real state, outbox, clock and ids; rows are those given, and can be replaced by assigning to `published`. */
export function openPages(published: Published = {}) {
  const directory = temporaryDirectory();
  const clock = createFixedClock(NOW);
  const state = createLibsqlState({ file: join(directory, 'state.db'), clock });
  onTestFinished(() => state.close());
  const tables = { published };
  const outbox = createOutbox({ directory: join(directory, 'outbox') });
  const runtime: Runtime & { readonly notifier: Notifier } = {
    objects: createMemoryObjects(),
    bus: { publish: async (events) => events.map(() => ({ ok: true as const })) },
    clock,
    ids: createSeededIds('pages'),
    keyring: createKeyring({ secrets: ['a secret of the stack'] }),
    egress: createEgress({ settings: () => ({}) }),
    isForgotten: () => false,
    settings: () => ({}),
    state,
    vault: openVault(state),
    oauthClient: () => Promise.reject(new Error('pages read; they ask no provider')),
    lookbackDays: 7,
    firstFetchDays: 7,
    engine: neverUsed,
    warehouse: { run: async ({ name }) => tables.published.queries?.[name] ?? [] } satisfies Warehouse,
    readings: readingsOf(() => tables.published),
    notifier: outbox,
    mailbox: outbox,
    ownerToken: OWNER_TOKEN,
    publicUrl: ORIGIN,
    version: '0.0.0',
    zone: 'Europe/Paris',
  };
  return { runtime, clock, tables };
}

function readingsOf(published: () => Published): Readings {
  return {
    daily: async (range) => within(published().daily, range),
    meals: async (range) => within(published().meals, range),
    sleep: async () => [],
    workouts: async () => [],
    scores: async () => [],
    baselines: async (range) => within(published().baselines, range),
    anomalies: async (range) => within(published().anomalies, range),
    readiness: async (range) => within(published().readiness, range),
  };
}

function within(rows: readonly Row[] = [], { userId, from, to, metric }: Range): readonly Row[] {
  return rows.filter((row) => {
    const day = String(row['local_date']);
    const isTheirs = row['user_id'] === userId && day >= from && day <= to;
    return isTheirs && (metric === undefined || row['metric'] === metric);
  });
}

const refuse = () => Promise.reject(new Error('pages read; they never run a batch'));

async function* neverExtracted(): ReturnType<Runtime['engine']['extract']> {
  yield* [];
  await refuse();
}

const neverUsed: Runtime['engine'] = {
  known: refuse,
  lastFinished: refuse,
  isOutdated: refuse,
  run: refuse,
  compare: refuse,
  rebuild: refuse,
  countErasure: refuse,
  erase: refuse,
  extract: neverExtracted,
  close: () => Promise.resolve(),
};
