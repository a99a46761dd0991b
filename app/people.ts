import { type AlertKind, checkedAlerts } from './alerts/choice.ts';
import { setAddress } from './addresses.ts';
import { WellspringError } from './errors.ts';
import { exclusively, stayExclusive } from './exclusive.ts';
import { recordFact } from './facts.ts';
import { checkedEmail, checkedName, checkedPriority } from './profile.ts';
import type { Runtime } from './runtime.ts';
import { zoneNamed } from './zone.ts';

export type Units = 'metric' | 'imperial';

/** One person as commands and pages see them. A name is a label: two people may share one. */
export interface User {
  readonly user_id: string;
  readonly name: string;
  /** IANA zone that holds now. */
  readonly zone: string;
  /** Null until somebody says: a file without a unit is not guessed at. */
  readonly units: Units | null;
  readonly email?: string;
  /** Providers in the person's own order, by metric. */
  readonly priority?: Readonly<Record<string, readonly string[]>>;
  /** What they want to be told of between the morning texts; `silence` until somebody says. */
  readonly alerts?: readonly AlertKind[];
}

/** A person as a fact tells them, and as they are kept. `zone_since` (Unix ms) is null for the first zone. */
export interface UserProfile extends Omit<User, 'email' | 'priority'> {
  readonly zone_since: number | null;
  readonly email: string | null;
  readonly priority: Readonly<Record<string, readonly string[]>>;
}

export interface NewUser {
  readonly name: string;
  readonly zone?: string | undefined;
  readonly units?: Units | undefined;
  readonly email?: string | undefined;
}

/** Changes of one person; `since` (Unix ms, default now) is when they moved to `zone`; an empty order clears a metric's. */
export interface UserChanges {
  readonly name?: string | undefined;
  readonly zone?: string | undefined;
  readonly since?: number | undefined;
  readonly units?: Units | undefined;
  readonly email?: string | null | undefined;
  readonly priority?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly alerts?: readonly string[] | undefined;
}

type PeopleRuntime = Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state' | 'addresses'>;

/** Makes a person with a new id; throws `unknown_zone`, `bad_name`, `bad_email`. */
export async function addUser(runtime: PeopleRuntime & Pick<Runtime, 'zone'>, user: NewUser): Promise<User> {
  const profile = {
    user_id: runtime.ids.id('u', 12),
    name: checkedName(user.name),
    zone: zoneNamed(user.zone ?? runtime.zone),
    zone_since: null,
    units: user.units ?? null,
    email: checkedEmail(user.email ?? null),
    priority: {},
  };
  return exclusively(runtime, async () => {
    const made = await save(runtime, profile);
    if (profile.email !== null) await setAddress(runtime, made.user_id, profile.email);
    return made;
  });
}

/** Changes a person; answers them as they are afterwards. A new zone holds from `since` on, the first one holds backwards. */
export async function setUser(
  runtime: PeopleRuntime,
  { user_id: userId }: Pick<User, 'user_id'>,
  changes: UserChanges,
): Promise<User> {
  if (changes.since !== undefined && changes.zone === undefined) {
    throw new WellspringError({
      code: 'since_without_zone',
      message: 'A date since when was given, and no zone.',
      remedy: 'Say both, for example --zone Europe/Paris --since 2026-05-01.',
      status: 400,
      exit: 2,
    });
  }
  return exclusively(runtime, async () => {
    const held = await runtime.state.get<UserProfile>('user', userId);
    if (held === undefined) throw unknownUser(userId);
    const before = held.value;
    const zone = changes.zone === undefined ? before.zone : zoneNamed(changes.zone);
    const moved = zone !== before.zone || (changes.since !== undefined && changes.since !== before.zone_since);
    const since = changes.since ?? runtime.clock.now();
    const orders = Object.entries({ ...before.priority, ...checkedPriority(changes.priority ?? {}) });
    const after = {
      ...before,
      name: changes.name === undefined ? before.name : checkedName(changes.name),
      zone,
      zone_since: moved ? since : before.zone_since,
      units: changes.units ?? before.units,
      email: changes.email === undefined ? before.email : checkedEmail(changes.email),
      priority: Object.fromEntries(orders.filter(([, order]) => order.length > 0)),
      ...(changes.alerts === undefined ? {} : { alerts: checkedAlerts(changes.alerts) }),
    };
    // Every fact makes the next batch recompute the person, so saying the same again writes none.
    const user = JSON.stringify(after) === JSON.stringify(before) ? userOf(before) : await save(runtime, after);
    // Also when it is the one there was: it may have failed then, or nobody has said yes to it.
    if (changes.email !== undefined) await setAddress(runtime, user.user_id, after.email);
    return user;
  });
}

/** Everybody, in order of name. */
export async function listUsers(runtime: Pick<Runtime, 'state'>): Promise<readonly User[]> {
  const records = await runtime.state.list<UserProfile>('user');
  return records
    .map(({ value }) => userOf(value))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.user_id < b.user_id ? -1 : 1));
}

/** The person with an id or a unique name; throws `unknown_user` or `ambiguous_user`, which names the ids. */
export async function findUser(runtime: Pick<Runtime, 'state'>, idOrName: string): Promise<User> {
  const held = await runtime.state.get<UserProfile>('user', idOrName);
  if (held !== undefined) return userOf(held.value);
  const name = idOrName.normalize('NFC').trim();
  const [first, ...others] = (await listUsers(runtime)).filter((user) => user.name === name);
  if (first === undefined) throw unknownUser(idOrName);
  if (others.length === 0) return first;
  throw new WellspringError({
    code: 'ambiguous_user',
    message: `${others.length + 1} people are called "${name}".`,
    detail: [first, ...others].map((user) => user.user_id).join(', '),
    remedy: 'Name the person by id.',
    status: 409,
    exit: 2,
  });
}

async function save(runtime: PeopleRuntime, profile: UserProfile): Promise<User> {
  // The fact is durable before the record: the tables may know a person the record does not, never the other way round.
  await stayExclusive(runtime);
  await recordFact(runtime, { type: 'wellspring.user', data: profile });
  await stayExclusive(runtime);
  await runtime.state.put('user', profile.user_id, profile);
  return userOf(profile);
}

function userOf({ user_id, name, zone, units, email, priority, alerts }: UserProfile): User {
  return {
    user_id,
    name,
    zone,
    units,
    ...(email === null ? {} : { email }),
    ...(Object.keys(priority).length === 0 ? {} : { priority }),
    ...(alerts === undefined ? {} : { alerts }),
  };
}

function unknownUser(idOrName: string): WellspringError {
  return new WellspringError({
    code: 'unknown_user',
    message: `There is nobody called "${idOrName}".`,
    remedy: 'wellspring user list shows everybody; wellspring user add makes a person.',
    status: 404,
    exit: 2,
  });
}
