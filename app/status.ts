import type { NamedQuery, Row } from '../ports/warehouse/warehouse.ts';
import type { Provider } from '../providers/kit/provider.ts';
import { readCollected } from './collect/collected.ts';
import { marksOf } from './collect/mark.ts';
import { type Connection, listConnections } from './connections.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';

/** One connection and how it fares: instants ISO 8601 in UTC, the day local, null for what has not been. */
export interface ConnectionStatus extends Connection {
  /** Empty for doors that grant nothing by scope. */
  readonly scopes: readonly string[];
  readonly missing_scopes: readonly string[];
  readonly last_delivery: string | null;
  readonly last_fetch: string | null;
  readonly last_data_day: string | null;
  /** What is wrong in words, null when nothing is. */
  readonly problem: string | null;
  readonly remedy: string | null;
}

const LAST_DELIVERIES: NamedQuery = {
  name: 'last_deliveries',
  sql: `select account, max(received_at) as last_delivery from raw_objects group by account`,
};

const LAST_DAYS: NamedQuery = {
  name: 'last_days',
  sql: `
    with days as (
      select account, local_date from observations
      union all select account, local_date from samples
      union all select account, local_date from sleep_sessions
      union all select account, local_date from workouts
    )
    select account, max(local_date) as last_data_day from days group by account`,
};

/** The connections of everybody, or of one person, with what has come through them so far as published. */
export async function status(
  runtime: Pick<Runtime, 'state' | 'warehouse'>,
  userId?: string,
): Promise<readonly ConnectionStatus[]> {
  const connections = await listConnections(runtime, userId);
  if (connections.length === 0) return [];
  const deliveries = byAccount(await runtime.warehouse.run(LAST_DELIVERIES), 'last_delivery');
  const days = byAccount(await runtime.warehouse.run(LAST_DAYS), 'last_data_day');
  const fetching = await Promise.all(connections.map((connection) => fetchingOf(runtime, connection)));
  return connections.map((connection, index) => {
    const last_delivery = deliveries.get(connection.account) ?? null;
    const last_data_day = days.get(connection.account) ?? null;
    const { last_fetch = null, left_alone } = fetching[index] ?? {};
    const judged = judge(connection, providerNamed(connection.provider), last_delivery, last_data_day);
    const { problem, remedy } = judged.problem === null && left_alone !== undefined ? left_alone : judged;
    return {
      ...connection,
      scopes: [],
      missing_scopes: [],
      last_delivery,
      last_fetch,
      last_data_day,
      problem,
      remedy,
    };
  });
}

function byAccount(rows: readonly Row[], column: string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [String(row['account']), String(row[column])]));
}

type Judgement = Pick<ConnectionStatus, 'problem' | 'remedy'>;

interface Fetching {
  readonly last_fetch: string | null;
  readonly left_alone?: Judgement;
}

/** When something was fetched last, and what is left alone for a day because the provider refused it. */
async function fetchingOf(runtime: Pick<Runtime, 'state'>, { connection_id: id }: Connection): Promise<Fetching> {
  const { at } = await readCollected(runtime, id);
  const last_fetch = at === null ? null : new Date(at).toISOString();
  const marks = await marksOf(runtime, id);
  if (marks.length === 0) return { last_fetch };
  const problem = marks.map(({ type, detail }) => `${type}: ${detail}`).join(' ');
  return {
    last_fetch,
    left_alone: { problem, remedy: 'It is asked again after a day; connecting again asks at once.' },
  };
}

function judge(
  { state, kind }: Pick<Connection, 'state' | 'kind'>,
  provider: Provider,
  lastDelivery: string | null,
  lastDay: string | null,
): Judgement {
  if (state === 'disconnected') {
    return {
      problem: 'It is disconnected; the data stay.',
      remedy: `wellspring link ${provider.id} connects it again.`,
    };
  }
  if (lastDelivery === null) return { problem: 'Nothing of it is published yet.', remedy: firstStep(kind, provider) };
  if (lastDay === null) {
    const remedy = 'wellspring quarantine list shows what was refused and why.';
    return { problem: 'What came held no value that could be read.', remedy };
  }
  return { problem: null, remedy: null };
}

function firstStep(kind: Connection['kind'], provider: Provider): string {
  if (kind === 'token') return `Enter the address and the token here: ${provider.portal}`;
  if (kind === 'link' && provider.webhook !== undefined) {
    return `Enter the address of wellspring urls ${provider.id} here: ${provider.portal}`;
  }
  return `Import a file with wellspring import ${provider.id}; a running server publishes it, else wellspring process.`;
}
