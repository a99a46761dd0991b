import type { Command } from 'commander';
import { listQuarantine, retryQuarantine, showQuarantine } from '../../app/quarantine.ts';
import type { Context } from './context.ts';
import { table } from './text.ts';

export function describe(command: Command, context: Context): void {
  command
    .command('list', { isDefault: true })
    .description('everything refused and not released')
    .action(async () => {
      const items = await listQuarantine(await context.open());
      const columns = ['quarantine_id', 'rule', 'detail', 'pointer', 'raw_key', 'first_seen'];
      context.print(
        { items },
        items.length === 0
          ? 'Nothing is in quarantine.'
          : table(
              columns,
              items.map((item) => ({ ...item })),
            ),
      );
    });
  command
    .command('show <id>')
    .description('one refusal with the offending text')
    .action(async (id: string) => {
      const item = await showQuarantine(await context.open(), id);
      const lines = Object.entries(item).map(([name, value]) => `${name.padEnd(14)}${String(value ?? '')}`);
      context.print({ item }, lines.join('\n'));
    });
  command
    .command('retry <id>')
    .description('read it again with the models of today')
    .action(async (id: string) => {
      const result = await retryQuarantine(await context.open(), id);
      context.print(result, 'Read again; see wellspring quarantine list for what is still refused.');
    });
}
