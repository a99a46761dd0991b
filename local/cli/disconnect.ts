import type { Command } from 'commander';
import { disconnect, isUntold } from '../../app/connections.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as garmin')
    .requiredOption('--user <user>', 'id or name')
    .option('--external-id <id>', 'one account, where there are several')
    .action(async (provider: string, options: { readonly user: string; readonly externalId?: string }) => {
      const runtime = await context.open();
      const user = await findUser(runtime, options.user);
      context.say(`Ending the access to ${provider} …`);
      const connections = await disconnect(runtime, { provider, user, externalId: options.externalId });
      context.print({ connections }, `${user.name} is disconnected from ${provider}; the data stay.`);
      if (connections.some(isUntold)) {
        context.say(`${provider} could not be told: end the access in the account there, too.`);
      }
    });
}
