import { createOAuthClients } from '../app/connect/setup.ts';
import { revokedKeys } from '../app/connections.ts';
import { type Denied, syncDenied } from '../app/denied.ts';
import { forgottenAccounts } from '../app/forget/tombstone.ts';
import { createBusHand } from '../app/work.ts';
import { createEventBridgeBus } from '../ports/bus/eventbridge.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { createSnsNotifier } from '../ports/notifier/sns.ts';
import { createDynamoReadings } from '../ports/readings/dynamodb.ts';
import { createDynamoState } from '../ports/state/dynamodb.ts';
import type { State } from '../ports/state/state.ts';
import { createSecretsManagerVault } from '../ports/vault/secrets-manager.ts';
import { createAthenaWarehouse } from '../ports/warehouse/athena.ts';
import { createEgress } from '../providers/kit/egress/create.ts';
import { openDelivery } from './delivery.ts';
import type { Environment, FunctionName } from './environment.ts';

// Each part is made from the variables it needs; a function is given the parts it is made of, and can reach nothing else.

const clock = createSystemClock();
const ids = createRandomIds();

type Variables<Name extends keyof Environment<'web'>> = Pick<Environment<'web'>, Name>;

/** The records of people and connections. */
export function peopleOf({ STATE_TABLE: table, PUBLIC_URL, ZONE }: Variables<'STATE_TABLE' | 'PUBLIC_URL' | 'ZONE'>) {
  return { clock, ids, state: createDynamoState({ table, clock, ids }), publicUrl: PUBLIC_URL, zone: ZONE };
}

/** What stores something: raw bucket, bus and keys, and people; whoever is turned away stands in the records themselves. */
export async function storingOf(name: FunctionName, environment: Environment<'import'>) {
  const people = peopleOf(environment);
  return { ...(await openDelivery({ name, environment, denied: () => deniedIn(people.state) })), ...people };
}

async function deniedIn(state: State): Promise<Denied> {
  return { keys: await revokedKeys(state), accounts: await forgottenAccounts(state) };
}

/** What fetches: the same, grants, and the way out to providers. */
export async function fetchingOf(name: FunctionName, environment: Environment<'collect'>) {
  const storing = await storingOf(name, environment);
  const { settings, state, objects, bus } = storing;
  return {
    ...storing,
    ...grantsOf(environment, storing),
    egress: createEgress({ settings }),
    oauthClient: createOAuthClients({ settings, clock }),
    hand: createBusHand(bus),
    denied: () => syncDenied({ state, objects }),
    lookbackDays: environment.LOOKBACK_DAYS,
    firstFetchDays: environment.FIRST_FETCH_DAYS,
  };
}

/** For questions about all of somebody, in functions that may take a quarter of an hour and would be called again to no other end. */
export const PATIENTLY = { timeoutMs: 5 * 60_000 };

/** What is read of the tables: readings for pages, Athena for the rest, as long as a page can wait. */
export function tablesOf(
  {
    STATE_TABLE: table,
    ATHENA_WORKGROUP: workGroup,
    DATABASE: database,
  }: Variables<'STATE_TABLE' | 'ATHENA_WORKGROUP' | 'DATABASE'>,
  patience: Partial<typeof PATIENTLY> = {},
) {
  return {
    readings: createDynamoReadings({ table, clock }),
    warehouse: createAthenaWarehouse({ workGroup, database, clock, ...patience }),
  };
}

/** The grants of people. */
function grantsOf(
  { VAULT_PREFIX: prefix, VAULT_KEY: key }: Variables<'VAULT_PREFIX' | 'VAULT_KEY'>,
  { state }: { readonly state: State },
) {
  return { vault: createSecretsManagerVault({ prefix, state, ids, ...(key === undefined ? {} : { kmsKeyId: key }) }) };
}

/** What writes morning texts, finds what is new, and tells of both. */
export function mailingOf(environment: Environment<'summarize'>) {
  const { SUMMARY_TOPIC: topicArn, MAIL_DETAIL: mailDetail } = environment;
  const people = peopleOf(environment);
  const mail = { notifier: createSnsNotifier({ topicArn, state: people.state, clock }), mailDetail };
  const bus = createEventBridgeBus({ bus: environment.BUS });
  return { ...people, ...grantsOf(environment, people), ...tablesOf(environment), ...mail, bus };
}
