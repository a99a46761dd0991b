import type { NamedQuery, Row } from '../ports/warehouse/warehouse.ts';
import type { Provider } from '../providers/kit/provider.ts';
import { type Connection, listConnections } from './connections.ts';
import { type Words, wordsOf } from './freshness/words.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';
import { type Upkeep, upkeepOf } from './status/upkeep.ts';

/** One connection and how it fares: instants ISO 8601 in UTC, the day local, null for what has not been. */
export interface ConnectionStatus extends Connection, Upkeep {
  /** Asked for and not granted, or no longer. */
  readonly missing_scopes: readonly string[];
  readonly last_delivery: string | null;
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
  runtime: Pick<Runtime, 'state' | 'vault' | 'warehouse'>,
  userId?: string,
): Promise<readonly ConnectionStatus[]> {
  const connections = await listConnections(runtime, userId);
  if (connections.length === 0) return [];
  const deliveries = byAccount(await runtime.warehouse.run(LAST_DELIVERIES), 'last_delivery');
  const days = byAccount(await runtime.warehouse.run(LAST_DAYS), 'last_data_day');
  return Promise.all(
    connections.map(async (connection) => {
      const provider: Provider = providerNamed(connection.provider);
      const upkeep = await upkeepOf(runtime, connection, provider);
      const last_delivery = deliveries.get(connection.account) ?? null;
      const last_data_day = days.get(connection.account) ?? null;
      const asked = connection.kind === 'oauth' ? Object.keys(provider.oauth?.scopes ?? {}) : [];
      const missing_scopes = asked.filter((scope) => !connection.scopes.includes(scope));
      const seen = { upkeep, missing_scopes, last_delivery, last_data_day };
      return {
        ...connection,
        ...upkeep,
        ...judge(connection, provider, seen),
        last_delivery,
        last_data_day,
        missing_scopes,
      };
    }),
  );
}

function byAccount(rows: readonly Row[], column: string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [String(row['account']), String(row[column])]));
}

interface Seen extends Pick<ConnectionStatus, 'missing_scopes' | 'last_delivery' | 'last_data_day'> {
  readonly upkeep: Upkeep;
}

function judge(connection: Connection, provider: Provider, seen: Seen): Words {
  const { state, kind, cause } = connection;
  const about = { provider, kind, detail: cause };
  if (state === 'disconnected') return wordsOf('not_connected', about);
  if (state !== 'active') return wordsOf(state, about);
  const words = provider.oauth?.scopes ?? {};
  const missing = seen.missing_scopes.map((scope) => words[scope] ?? scope);
  if (cause === 'scope_missing') return wordsOf('scope_missing', { ...about, missing });
  if (seen.last_delivery === null && seen.last_data_day === null) {
    return { problem: 'Nothing of it is published yet.', remedy: firstStep(kind, provider) };
  }
  if (seen.last_data_day === null) {
    const remedy = 'wellspring quarantine list shows what was refused and why.';
    return { problem: 'What came held no value that could be read.', remedy };
  }
  const rest = leftAlone(seen.upkeep);
  const gone = givenUp(connection, seen.upkeep);
  if (gone === undefined) return rest;
  return { ...gone, problem: rest.problem === null ? gone.problem : `${gone.problem} ${rest.problem}` };
}

/** Told first, with its remedy: nothing but a person mends it. */
function givenUp({ provider, user_id: userId }: Connection, { given_up: days }: Upkeep) {
  const [from] = days.map((one) => one.from).toSorted();
  const to = days
    .map((one) => one.to)
    .toSorted()
    .at(-1);
  if (from === undefined || to === undefined) return undefined;
  const said = days.map((one) => {
    const span = one.from === one.to ? one.from : `${one.from} to ${one.to}`;
    return `${one.type} of ${span} was given up after a week: ${one.detail}`;
  });
  const remedy = `wellspring backfill ${provider} --user ${userId} --from ${from} --to ${to}`;
  return { problem: said.join(' '), remedy };
}

function leftAlone({ left_alone: marks, pending }: Upkeep): Words {
  const missed = pending.filter(({ reason }) => reason !== null);
  if (marks.length === 0 && missed.length > 0) {
    const problem = missed.map(({ type, detail }) => `${type}: ${detail}`).join(' ');
    return { problem, remedy: 'It is asked for again once a day, and let go after a week.' };
  }
  if (marks.length === 0) return { problem: null, remedy: null };
  const problem = marks.map(({ type, detail }) => `${type}: ${detail}`).join(' ');
  return { problem, remedy: 'It is asked again after a day; connecting again asks at once.' };
}

function firstStep(kind: Connection['kind'], provider: Provider): string {
  if (kind === 'oauth') return `Data come within minutes; wellspring collect ${provider.id} asks now.`;
  if (kind === 'token') return `Enter the address and the token here: ${provider.portal}`;
  if (kind === 'link' && provider.webhook !== undefined) {
    return `Enter the address of wellspring urls ${provider.id} here: ${provider.portal}`;
  }
  const words = `wellspring import ${provider.id} <file> --user <name>`;
  return `Import a file with ${words}; a running server publishes it, else wellspring process.`;
}
