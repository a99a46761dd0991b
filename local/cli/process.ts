import type { Command } from 'commander';
import { transform } from '../../app/transform.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command
    .option('--all', 'look through all dates of raw, not the last ones only')
    .action(async (options: { readonly all?: boolean }) => {
      const runtime = await context.open();
      context.say('Looking for what is stored and not published …');
      const batch = await transform(runtime, { all: options.all ?? false });
      const text =
        batch.objects === 0
          ? 'Nothing new: everything stored is published.'
          : `${batch.objects} objects read, ${batch.observations} observations, ${batch.quarantined} quarantined, ${batch.days} days touched, ${batch.seconds} s`;
      context.print(batch, text);
    });
}
