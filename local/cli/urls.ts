import type { Command } from 'commander';
import { urls } from '../../app/urls.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command.argument('[provider]', 'one provider only').action(async (provider: string | undefined) => {
    const providers = urls(await context.open(), provider);
    const text = providers.map(
      (row) =>
        `${row.provider}\n  webhook   ${row.webhook_url ?? '(none: its data come as files)'}\n  paste at  ${row.portal}`,
    );
    context.print({ providers }, text.join('\n'));
  });
}
