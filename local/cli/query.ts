import type { Command } from 'commander';
import { WellspringError } from '../../app/errors.ts';
import { PortError } from '../../ports/errors.ts';
import type { Context } from './context.ts';
import { table } from './text.ts';

export function describe(command: Command, context: Context): void {
  command
    .argument('<sql>', 'one SELECT, or "show tables"')
    .addHelpText(
      'after',
      '\nExample:\n  wellspring query "select local_date, value from daily_metrics where metric = \'steps\'"\n',
    )
    .action(async (sql: string) => {
      const { console } = await context.open();
      const { columns, rows } = await console.query(sql).catch(asUsage);
      context.print(
        { columns, rows },
        table(
          columns.map((column) => column.name),
          rows,
        ),
      );
      if (!context.globals.json) context.say(`${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`);
    });
}

/** A statement the console refuses is wrong usage, not a broken resource. */
function asUsage(error: unknown): never {
  if (!(error instanceof PortError) || error.code !== 'query_refused') throw error;
  const { code, message, remedy = 'See wellspring query "show tables".' } = error;
  throw new WellspringError({ code, message, remedy, exit: 2, cause: error });
}
