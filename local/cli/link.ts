import type { Command } from 'commander';
import { link } from '../../app/connections.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';

interface Options {
  readonly user: string;
  readonly externalId?: string;
  readonly new?: boolean;
}

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as garmin')
    .requiredOption('--user <user>', 'id or name')
    .option('--external-id <id>', "the account's id at the provider")
    .option('--new', 'make another token where one was made before')
    .action(async (provider: string, options: Options) => {
      const runtime = await context.open();
      const user = await findUser(runtime, options.user);
      const linked = await link(runtime, { provider, user, externalId: options.externalId, fresh: options.new });
      const { connection, webhook_url, token } = linked;
      const lines = [
        `${user.name} is linked to ${provider} as ${connection.external_id}.`,
        ...(webhook_url === null ? [] : [`address:  ${webhook_url}`]),
        ...(token === undefined ? [] : [`token:    ${token}`]),
      ];
      context.print(linked, lines.join('\n'));
    });
}
