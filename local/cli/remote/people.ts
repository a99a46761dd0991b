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
/** An answer about one person. */
export const about = z.object({ user: person });
const many = z.object({ items: z.array(person) });

/** One person of a server by id or unique name; throws `unknown_user`, `ambiguous_user` (exit 2). */
export async function personOf(server: Server, idOrName: string): Promise<Person> {
  return (await ask(server, `/api/v1/users/${encodeURIComponent(idOrName)}`, about)).user;
}

/** Everybody of a server, in order of name. */
export async function peopleOf(server: Server): Promise<readonly Person[]> {
  return (await ask(server, '/api/v1/users', many)).items;
}
