import type { Command } from 'commander';
import { rebuild } from '../../app/rebuild.ts';
import type { Context } from './context.ts';
import { table } from './text.ts';
import { day } from './values.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly from?: string;
}

export function describe(command: Command, context: Context): void {
  command
    .option('--dry-run', 'print the cells that would change, change nothing')
    .option('--from <day>', 'from this local day on', day)
    .action(async (options: Options) => {
      const server = await context.server();
      if (server !== undefined) {
        const { rebuildThere } = await import('./rebuild-stack.ts');
        return rebuildThere(server, { dryRun: options.dryRun ?? false, from: options.from }, context);
      }
      const result = await rebuild(await context.open(), { dryRun: options.dryRun ?? false, from: options.from });
      if ('changes' in result) {
        const { changes } = result;
        const columns = ['table', 'column', 'user_id', 'local_date', 'metric', 'before', 'after', 'model'];
        context.print(
          { changes },
          changes.length === 0
            ? 'Nothing would change.'
            : table(
                columns,
                changes.map((change) => ({ ...change })),
              ),
        );
      } else {
        context.print(
          result,
          `Rebuilt from ${result.objects} objects: ${result.observations} observations, ${result.days} days, ${result.seconds} s`,
        );
      }
    });
}
