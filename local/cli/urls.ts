import type { Command } from 'commander';
import * as z from 'zod';
import { type ProviderUrls, urls } from '../../app/urls.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';

const address = z.string().nullable();
const answer = z.object({
  items: z.array(
    z.looseObject({ provider: z.string(), webhook_url: address, redirect_url: address, portal: z.string() }),
  ),
});

export function describe(command: Command, context: Context): void {
  command.argument('[provider]', 'one provider only').action(async (provider: string | undefined) => {
    const providers = await read(provider, context);
    const text = providers.map((row) =>
      [
        row.provider,
        `  webhook   ${row.webhook_url ?? '(none: its data come as files)'}`,
        ...(row.redirect_url === null ? [] : [`  redirect  ${row.redirect_url}`]),
        `  paste at  ${row.portal}`,
      ].join('\n'),
    );
    context.print({ providers }, text.join('\n'));
  });
}

async function read(provider: string | undefined, context: Context): Promise<readonly ProviderUrls[]> {
  const server = await context.server();
  if (server === undefined) return urls(await context.open(), provider);
  return (await ask(server, '/api/v1/urls', answer, { parameters: { provider } })).items;
}
