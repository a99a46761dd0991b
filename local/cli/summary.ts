import type { Command } from 'commander';
import { findUser, listUsers } from '../../app/people.ts';
import { summarize } from '../../app/summarize.ts';
import type { Context } from './context.ts';
import { day } from './values.ts';

interface Options {
  readonly user?: string;
  readonly day?: string;
}

export function describe(command: Command, context: Context): void {
  command
    .option('--user <user>', 'id or name (default: everybody)')
    .option('--day <day>', 'the local day it is about (default: yesterday)', day)
    .action(async (options: Options) => {
      const runtime = await context.open();
      const users = options.user === undefined ? await listUsers(runtime) : [await findUser(runtime, options.user)];
      const messages = [];
      for (const user of users) messages.push(await summarize(runtime, { user, day: options.day }));
      const summaries = messages.map(({ userId, ...message }) => ({ user_id: userId, ...message }));
      context.print({ summaries }, messages.map((message) => `${message.subject}\n\n${message.text}`).join('\n\n'));
    });
}
