import { createHash } from 'node:crypto';
import { createEnvelope, type Envelope } from '../../app/envelope.ts';
import { factEnvelope, type Fact } from '../../app/facts.ts';
import type { UserProfile } from '../../app/people.ts';
import type { Connection } from '../../app/tie.ts';
import type { Sandboxed } from '../../local/sandbox/people.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import type { Ids } from '../../ports/ids/ids.ts';
import { accountOf } from '../../providers/kit/account.ts';
import type { Payload, Shape } from './shape.ts';

const DAY_MS = 86_400_000;
const KINDS = { garmin: 'link', apple: 'token', myfitnesspal: 'file' } as const;

/** Somebody with a body of a shape and ids of their own. */
interface Member {
  readonly like: Sandboxed;
  readonly profile: UserProfile;
  readonly watchId: string;
  /** By provider. */
  readonly connections: readonly Connection[];
}

/**
 * The raw objects of the `number`th household of a population: facts of its first `members` people and their connections, told the day
 * before, then all its payloads in the shape of `shape`, with ids and counts of its own. The same for the same arguments.
 */
export function* settle(shape: Shape, seed: string, number: number, members: number): Generator<Envelope> {
  const ids = createSeededIds(`${seed} ${number}`);
  const people = shape.people.slice(0, members).map((like, at) => introduce(like, ids, number, at));
  const firstMs = Math.min(...shape.payloads.map(({ atS }) => atS * 1000));
  const told = factsOf(people).entries();
  for (const [sequence, fact] of told)
    yield createEnvelope(
      factEnvelope(fact, { receivedAt: firstMs - DAY_MS, sequence: sequence + 1, deliveryId: ids.id('d', 16) }),
    );
  const deliveries = new Map<number, string>();
  for (const payload of shape.payloads) {
    const member = people[payload.member];
    if (member === undefined) continue;
    const deliveryId = deliveries.get(payload.delivery) ?? ids.id('d', 20);
    deliveries.set(payload.delivery, deliveryId);
    yield envelopeOf(payload, member, number, deliveryId);
  }
}

function introduce(like: Sandboxed, ids: Ids, number: number, at: number): Member {
  const user_id = ids.id('u', 12);
  const watchId = createHash('sha256').update(user_id).digest('hex').slice(0, 32);
  const external = { garmin: watchId, apple: ids.id('t', 16), myfitnesspal: `file:${user_id}` };
  const connections = (['garmin', 'apple', 'myfitnesspal'] as const).map((provider): Connection => {
    const account = accountOf(provider, external[provider]);
    const tie = { provider, account, external_id: external[provider], user_id, kind: KINDS[provider] };
    return { connection_id: ids.id('c', 12), ...tie, state: 'active', scopes: [], cause: null };
  });
  const { zone, units } = like;
  const name = `${like.name} ${number * 2 + at + 1}`;
  const profile = { user_id, name, zone, zone_since: null, units, email: null, priority: {} };
  return { like, profile, watchId, connections };
}

const factsOf = (people: readonly Member[]): readonly Fact[] =>
  people.flatMap(({ like, profile, connections }): Fact[] => [
    { type: 'wellspring.user', data: profile },
    ...like.moves.map(({ zone, sinceMs }): Fact => {
      return { type: 'wellspring.user', data: { ...profile, zone, zone_since: sinceMs } };
    }),
    ...connections.map((data): Fact => ({ type: 'wellspring.connection', data })),
  ]);

function envelopeOf(payload: Payload, member: Member, number: number, deliveryId: string): Envelope {
  const { provider, resource, notice, part, receiver, attributes, atS } = payload;
  const account = member.connections.find((one) => one.provider === provider)?.account ?? '';
  const data = ownWords(payload.text, member, number);
  const of = { provider, account, resource, notice, part, receiver, attributes, deliveryId };
  return createEnvelope({ ...of, receivedAt: atS * 1000, data });
}

/** Counts a body can have a little more or less of without its day falling apart. */
const COUNTED = /"(steps|weightInGrams)":(\d+)/g;

/** The payload as this person's provider words it: other ids, more or fewer steps (at most a fifth), another weight (within 4 kg). */
function ownWords(text: string, { like, watchId }: Member, number: number): string {
  const permille = 800 + ((number * 37) % 401);
  const grams = ((number * 137) % 8001) - 4000;
  return text
    .replaceAll(like.watchId, watchId)
    .replaceAll(COUNTED, (_, name: string, count: string) =>
      name === 'steps'
        ? `"steps":${Math.floor((Number(count) * permille) / 1000)}`
        : `"weightInGrams":${Number(count) + grams}`,
    );
}
