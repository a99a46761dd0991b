import type { Command } from 'commander';
import * as z from 'zod';
import { findUser, listUsers } from '../../app/people.ts';
import { summarize } from '../../app/summarize.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';
import { day } from './values.ts';

interface Options {
  readonly user?: string;
  readonly day?: string;
}

const summary = z.looseObject({
  user_id: z.string(),
  day: z.string(),
  kind: z.string(),
  subject: z.string(),
  text: z.string(),
});

export function describe(command: Command, context: Context): void {
  command
    .option('--user <user>', 'id or name (default: everybody)')
    .option('--day <day>', 'the local day it is about (default: yesterday)', day)
    .action(async (options: Options) => {
      const summaries = await read(options, context);
      context.print({ summaries }, summaries.map(({ subject, text }) => `${subject}\n\n${text}`).join('\n\n'));
    });
}

async function read(options: Options, context: Context): Promise<readonly z.output<typeof summary>[]> {
  const server = await context.server();
  const summaries = [];
  if (server === undefined) {
    const runtime = await context.open();
    const users = options.user === undefined ? await listUsers(runtime) : [await findUser(runtime, options.user)];
    for (const user of users) {
      const { userId, ...message } = await summarize(runtime, { user, day: options.day });
      summaries.push({ user_id: userId, ...message });
    }
    return summaries;
  }
  const { peopleOf } = await import('./remote/people.ts');
  const ids = options.user === undefined ? (await peopleOf(server)).map(({ user_id }) => user_id) : [options.user];
  // One at a time: an answer of a stack has to be given within half a minute.
  for (const id of ids) {
    const parameters = { user_id: id, day: options.day };
    summaries.push(await ask(server, '/api/v1/summary', summary, { parameters }));
  }
  return summaries;
}
