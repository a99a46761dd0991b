import { listUsers, type User } from '../people.ts';
import type { Runtime } from '../runtime.ts';

/** What a finding calls a person. */
export interface Named {
  /** As told to people: `Anna`, with the id where the name alone would not tell. */
  readonly told: string;
  /** As typed behind `--user`. */
  readonly typed: string;
}

/** Looks people up by id; whoever is not there any more goes by the id. */
export async function names(runtime: Pick<Runtime, 'state'>): Promise<(userId: string) => Named> {
  return namesOf(await listUsers(runtime));
}

/** The same of people who were read already. */
export function namesOf(users: readonly Pick<User, 'user_id' | 'name'>[]): (userId: string) => Named {
  return (id) => {
    const name = users.find((user) => user.user_id === id)?.name;
    if (name === undefined) return { told: id, typed: id };
    if (users.filter((user) => user.name === name).length > 1) return { told: `${name} (${id})`, typed: id };
    // What a shell might read in another way is typed as an id.
    return { told: name, typed: /^[\p{L}\d]+$/u.test(name) ? name : id };
  };
}
