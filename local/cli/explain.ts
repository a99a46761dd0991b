import type { Command } from 'commander';
import type { Context } from './context.ts';
import { ask } from './remote.ts';
import { describeExplanation, explanation } from './explanation.ts';
import { day } from './values.ts';

interface Options {
  readonly user: string;
  readonly day: string;
  readonly metric: string;
}

export function describe(command: Command, context: Context): void {
  command
    .requiredOption('--user <user>', 'id or name')
    .requiredOption('--day <day>', 'a local day, YYYY-MM-DD', day)
    .requiredOption('--metric <metric>', 'such as steps')
    .action(async (options: Options) => {
      const found = explanation.parse(await read(options, context));
      context.print(found, describeExplanation(found));
    });
}

async function read(options: Options, context: Context): Promise<unknown> {
  const { user, day: on, metric } = options;
  const server = await context.server();
  const parameters = { user_id: user, day: on, metric };
  if (server !== undefined) return ask(server, '/api/v1/explain', explanation, { parameters });
  const runtime = await context.open();
  const { findUser } = await import('../../app/people.ts');
  const { explain } = await import('../../app/explain.ts');
  return explain(runtime, { userId: (await findUser(runtime, user)).user_id, day: on, metric });
}
