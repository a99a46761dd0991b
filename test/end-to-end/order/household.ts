import { connectFile, link } from '../../../app/connections.ts';
import { addUser, setUser, type User } from '../../../app/people.ts';
import type { Population, Sandboxed } from '../../../local/sandbox/people.ts';
import type { Stack } from './stack.ts';

/** What the people of a way can do beside sending: each happens at the same instant in every way. */
export type Fact = 'watch linked' | 'order of sources' | 'phone linked';

/** The facts in the order in which they come true. */
export const FACTS: readonly Fact[] = ['watch linked', 'order of sources', 'phone linked'];

/** People as the product knows them. */
export interface Household {
  readonly users: readonly User[];
  /** The bearer token of a person's phone, whether or not it is linked yet. */
  token(person: number): string;
  comesTrue(fact: Fact): Promise<void>;
}

const phoneId = (person: number): string => `phone-of-person-${person}`;

/** Adds the people and links what is not linked late. */
export async function settle(stack: Stack, { people }: Pick<Population, 'people'>): Promise<Household> {
  const users: User[] = [];
  // Whose watch and whose phone are linked only after pushes of them have come.
  const late = { watch: 1 % people.length, phone: 2 % people.length };
  const linkWatch = (person: Sandboxed, user: User) =>
    link(stack, { provider: 'garmin', user, externalId: person.watchId });
  const linkPhone = (at: number, user: User) => link(stack, { provider: 'apple', user, externalId: phoneId(at) });
  for (const [at, person] of people.entries()) {
    const user = await addUser(stack, { name: person.name, zone: person.zone, units: person.units });
    users.push(user);
    for (const { zone, sinceMs } of person.moves) await setUser(stack, user, { zone, since: sinceMs });
    // As its first file would; in every way at the same time.
    await connectFile(stack, {
      provider: 'myfitnesspal',
      external_id: `file:${user.user_id}`,
      user_id: user.user_id,
    });
    if (at !== late.watch) await linkWatch(person, user);
    if (at !== late.phone) await linkPhone(at, user);
  }

  const whom = (at: number): { user: User; person: Sandboxed } => {
    const [user, person] = [users[at], people[at]];
    if (user === undefined || person === undefined) throw new RangeError(`There is no person ${at}.`);
    return { user, person };
  };
  const deeds: Readonly<Record<Fact, () => Promise<unknown>>> = {
    'watch linked': () => linkWatch(whom(late.watch).person, whom(late.watch).user),
    'order of sources': () => setUser(stack, whom(0).user, { priority: { steps: ['apple', 'garmin'] } }),
    'phone linked': () => linkPhone(late.phone, whom(late.phone).user),
  };
  return {
    users,
    token: (person) => stack.keyring.issue('apple', 'token', phoneId(person)),
    comesTrue: async (fact) => void (await deeds[fact]()),
  };
}
