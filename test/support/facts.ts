import { accountOf } from '../../providers/kit/account.ts';
import type { Payload } from './raw.ts';

let sequence = 0;

const own = (userId: string, type: string, receivedAt: number, data: Readonly<Record<string, unknown>>): Payload => ({
  provider: 'wellspring',
  externalId: `user:${userId}`,
  type,
  receiver: 'self',
  receivedAt,
  data: { effective_at: receivedAt, sequence: (sequence += 1), ...data },
});

/** The fact that a person exists with these settings; `at` in Unix ms. */
export function userFact(
  userId: string,
  settings: {
    readonly at?: number;
    readonly name?: string;
    readonly zone?: string;
    readonly zoneSince?: number | null;
    readonly units?: string;
    readonly priority?: Readonly<Record<string, readonly string[]>>;
  } = {},
): Payload {
  return own(userId, 'wellspring.user', settings.at ?? 1_000_000_000_000, {
    user_id: userId,
    name: settings.name ?? userId,
    zone: settings.zone ?? 'Europe/Paris',
    zone_since: settings.zoneSince ?? null,
    units: settings.units ?? 'metric',
    email: null,
    priority: settings.priority ?? {},
  });
}

/** The fact that the notices of an account received until `effectiveAt` (Unix ms) are done. */
export function fetchedFact(userId: string, account: string, effectiveAt: number): Payload {
  const at = effectiveAt + 1000;
  return own(userId, 'wellspring.fetched', at, { user_id: userId, account, effective_at: effectiveAt });
}

/** The fact that a person wants something of a metric from `at` (Unix ms) on; `removed` ends it. */
export function goalFact(
  userId: string,
  goal: {
    readonly at: number;
    readonly metric: string;
    readonly direction?: 'at_least' | 'at_most';
    readonly target: number;
    readonly state?: 'active' | 'removed';
    readonly saidAt?: number;
  },
): Payload {
  const { at, metric, target, direction = 'at_least', state = 'active' } = goal;
  const said = { user_id: userId, goal: `${metric}_${direction}`, metric, direction, target, state };
  return own(userId, 'wellspring.goal', goal.saidAt ?? at, { ...said, effective_at: at });
}

/** The fact that an account is (or is no longer) a person's; `at` in Unix ms. */
export function connectionFact(
  userId: string,
  provider: string,
  externalId: string,
  settings: {
    readonly at?: number;
    readonly state?: string;
    readonly kind?: string;
    readonly scopes?: readonly string[];
    readonly cause?: string | null;
  } = {},
): Payload {
  return own(userId, 'wellspring.connection', settings.at ?? 1_000_000_000_001, {
    connection_id: `c_${provider}_${externalId}_${userId}`,
    provider,
    account: accountOf(provider, externalId),
    external_id: externalId,
    user_id: userId,
    kind: settings.kind ?? 'link',
    state: settings.state ?? 'active',
    scopes: settings.scopes ?? [],
    cause: settings.cause ?? null,
  });
}
