import type { Command } from 'commander';
import * as z from 'zod';
import { link } from '../../app/connections.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';

interface Options {
  readonly user: string;
  readonly externalId?: string;
  readonly new?: boolean;
}

const answer = z.object({
  connection: z.looseObject({ external_id: z.string() }),
  webhook_url: z.string().nullable(),
  token: z.string().optional(),
});

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as garmin')
    .requiredOption('--user <user>', 'id or name')
    .option('--external-id <id>', "the account's id at the provider")
    .option('--new', 'make another token where one was made before')
    .action(async (provider: string, options: Options) => {
      const { name, linked } = await make(provider, options, context);
      const { connection, webhook_url, token } = linked;
      const lines = [
        `${name} is linked to ${provider} as ${connection.external_id}.`,
        ...(webhook_url === null ? [] : [`address:  ${webhook_url}`]),
        ...(token === undefined ? [] : [`token:    ${token}`]),
      ];
      context.print(linked, lines.join('\n'));
    });
}

async function make(provider: string, { user: idOrName, externalId, new: fresh }: Options, context: Context) {
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    const user = await findUser(runtime, idOrName);
    return { name: user.name, linked: await link(runtime, { provider, user, externalId, fresh }) };
  }
  const { personOf } = await import('./remote/people.ts');
  const { user_id, name } = await personOf(server, idOrName);
  const body = { user_id, external_id: externalId, new: fresh };
  const linked = await ask(server, `/api/v1/link/${encodeURIComponent(provider)}`, answer, { method: 'POST', body });
  return { name, linked };
}
