import type { Command } from 'commander';
import { urls } from '../../app/urls.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command.argument('[provider]', 'one provider only').action(async (provider: string | undefined) => {
    const providers = urls(await context.open(), provider);
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
