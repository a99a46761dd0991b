import type { Command } from 'commander';
import * as z from 'zod';
import { elsewhereWords, publish } from '../../app/publish.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';

const answer = z.union([
  z.object({ workflow: z.enum(['started', 'running', 'waiting']), objects: z.number(), oldest_s: z.number() }),
  z.object({
    batch_id: z.string().nullable(),
    objects: z.number(),
    observations: z.number(),
    quarantined: z.number(),
    days: z.number(),
    seconds: z.number(),
  }),
]);

export function describe(command: Command, context: Context): void {
  command
    .option('--all', 'look through all dates of raw, not the last ones only')
    .action(async (options: { readonly all?: boolean }) => {
      const batch = await run(options.all ?? false, context);
      const text =
        'workflow' in batch
          ? elsewhereWords(batch)
          : batch.objects === 0
            ? 'Nothing new: everything stored is published.'
            : `${batch.objects} objects read, ${batch.observations} observations, ${batch.quarantined} quarantined, ${batch.days} days touched, ${batch.seconds} s`;
      context.print(batch, text);
    });
}

async function run(all: boolean, context: Context): ReturnType<typeof publish> {
  const looking = 'Looking for what is stored and not published …';
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    context.say(looking);
    return publish(runtime, { all });
  }
  context.say(looking);
  return ask(server, '/api/v1/process', answer, { method: 'POST', parameters: { all: String(all) } });
}
