import type { Command } from 'commander';
import * as z from 'zod';
import { INVITE_DAYS, invite } from '../../app/invite.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';

const answer = z.object({ user_id: z.string(), url: z.string(), expires_at: z.string() });

export function describe(command: Command, context: Context): void {
  command.argument('<user>', 'id or name').action(async (idOrName: string) => {
    const { name, ...invited } = await make(idOrName, context);
    context.say(`For ${name}; it works once, within ${INVITE_DAYS} days. Whoever has it sees their data.`);
    context.print(invited, invited.url);
  });
}

async function make(idOrName: string, context: Context): Promise<z.output<typeof answer> & { readonly name: string }> {
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    const { user_id, name } = await findUser(runtime, idOrName);
    return { name, user_id, ...(await invite(runtime, { user_id })) };
  }
  const { personOf } = await import('./remote/people.ts');
  const { user_id, name } = await personOf(server, idOrName);
  return { name, ...(await ask(server, `/api/v1/users/${user_id}/invite`, answer, { method: 'POST' })) };
}
