import type { Command } from 'commander';
import { runDemo } from '../demo.ts';
import type { DemoOptions } from '../demo/options.ts';
import type { Context } from './context.ts';
import { day, whole } from './values.ts';

/** What is said on the command line; the context comes from there too. */
type Options = Omit<DemoOptions, 'context'>;

export function describe(command: Command, context: Context): void {
  command
    .option('--once', 'do it all and end')
    .option('--days <n>', 'days of data', whole(1), 90)
    .option('--people <n>', 'people', whole(1), 2)
    .option('--seed <seed>', 'what people and contents are made from', 'wellspring')
    .option('--until <day>', 'the last day', day)
    .option('--faults <names>', 'how providers go wrong: none, all, or names with commas', 'none')
    .option('--port <port>', 'port, 0 for any free one', whole(0), 0)
    .option('--no-open', 'do not open the browser')
    .action(async (options: Options) => {
      context.stopInOrder();
      await runDemo({ ...options, context });
    });
}
