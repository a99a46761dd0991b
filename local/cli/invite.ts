import type { Command } from 'commander';
import { INVITE_DAYS, invite } from '../../app/invite.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command.argument('<user>', 'id or name').action(async (name: string) => {
    const runtime = await context.open();
    const user = await findUser(runtime, name);
    const invited = await invite(runtime, user);
    context.say(`For ${user.name}; it works once, within ${INVITE_DAYS} days. Whoever has it sees their data.`);
    context.print({ user_id: user.user_id, ...invited }, invited.url);
  });
}
