import type { Command } from 'commander';
import * as z from 'zod';
import { disconnect, isUntold } from '../../app/connections.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';

interface Options {
  readonly user: string;
  readonly externalId?: string;
}

const outcome = z.enum(['told', 'nothing', 'left', 'by_hand', 'later', 'untold']);
const answer = z.object({ connections: z.array(z.looseObject({ given_back: outcome.nullable() })) });

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as garmin')
    .requiredOption('--user <user>', 'id or name')
    .option('--external-id <id>', 'one account, where there are several')
    .action(async (provider: string, options: Options) => {
      const { name, connections } = await end(provider, options, context);
      context.print({ connections }, `${name} is disconnected from ${provider}; the data stay.`);
      if (connections.some(isUntold)) {
        context.say(`${provider} could not be told: end the access in the account there, too.`);
      }
    });
}

async function end(provider: string, { user: idOrName, externalId }: Options, context: Context) {
  const ending = `Ending the access to ${provider} …`;
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    const user = await findUser(runtime, idOrName);
    context.say(ending);
    return { name: user.name, connections: await disconnect(runtime, { provider, user, externalId }) };
  }
  const { personOf } = await import('./remote/people.ts');
  const { user_id, name } = await personOf(server, idOrName);
  context.say(ending);
  const body = { user_id, external_id: externalId };
  const path = `/api/v1/disconnect/${encodeURIComponent(provider)}`;
  return { name, ...(await ask(server, path, answer, { method: 'POST', body })) };
}
