import * as z from 'zod';
import type { Server } from '../../stack/server.ts';
import { ask } from '../remote.ts';

export const person = z.looseObject({
  user_id: z.string(),
  name: z.string(),
  zone: z.string(),
  units: z.enum(['metric', 'imperial']).nullable(),
});
export type Person = z.output<typeof person>;
const one = z.object({ user: person });
const many = z.object({ items: z.array(person) });

/** The person an answer is about. */
export function personIn(answer: unknown): Person {
  return one.parse(answer).user;
}

/** One person of a server by id or unique name; throws `unknown_user`, `ambiguous_user` (exit 2). */
export async function personOf(server: Server, idOrName: string): Promise<Person> {
  return personIn(await ask(server, `/api/v1/users/${encodeURIComponent(idOrName)}`));
}

/** Everybody of a server, in order of name. */
export async function peopleOf(server: Server): Promise<readonly Person[]> {
  return many.parse(await ask(server, '/api/v1/users')).items;
}
