import type { Command } from 'commander';
import * as z from 'zod';
import type { Elsewhere } from '../../app/elsewhere.ts';
import { elsewhereWords } from '../../app/publish.ts';
import { type Redriven, redrive } from '../../app/redrive.ts';
import type { Server } from '../stack/server.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';

const workflow = z.object({
  workflow: z.enum(['started', 'running', 'waiting']),
  objects: z.number(),
  oldest_s: z.number(),
});
const redriven = z.object({
  notices: z.object({ finished: z.number(), left: z.number(), unclaimed: z.number() }),
  overdue: z.number(),
  batch: z.union([workflow, z.looseObject({ objects: z.number() })]),
  quarantine: z.object({ released: z.number(), left: z.number() }).nullable(),
});

export function describe(command: Command, context: Context): void {
  command.action(async () => {
    const server = await context.server();
    const { letters, ...done } =
      server === undefined ? await redriveHere(context) : await redriveThere(context, server);
    const lines = Object.entries(letters ?? {}).map(
      ([queue, { again, passed, left }]) =>
        `dead letters, ${queue}: ${again} given back, ${passed} that need nothing, ${left} left`,
    );
    context.print({ ...done, ...(letters && { letters }) }, [...lines, ...linesOf(done)].join('\n'));
  });
}

/** Of a batch here only its objects are told. */
type Done = Omit<Redriven, 'batch'> & { readonly batch: Elsewhere | { readonly objects: number } };

async function redriveHere(context: Context): Promise<Done & { readonly letters?: undefined }> {
  const runtime = await context.open();
  context.say('Looking through everything stored for what was left behind …');
  return redrive(runtime, { signal: context.terminal.interrupted });
}

/** First what the queues hold: the events of it are what the server then finds done. */
async function redriveThere(context: Context, server: Server) {
  const { stack, connection = {} } = server;
  const { emptyQueues } = await import('../stack/redrive.ts');
  if (stack !== undefined) context.say('Giving dead letters back …');
  const letters = stack && (await emptyQueues(stack, connection, context.terminal.interrupted));
  context.say('Looking through everything stored for what was left behind …');
  return { ...(await ask(server, '/api/v1/redrive', redriven, { method: 'POST' })), letters };
}

function linesOf({ notices, overdue, batch, quarantine }: Done): readonly string[] {
  return [
    `notices: ${notices.finished} done, ${notices.left} left, ${notices.unclaimed} of accounts nobody has connected`,
    `fetches tried again: ${overdue}`,
    'workflow' in batch ? elsewhereWords(batch) : `objects no batch had taken: ${batch.objects}`,
    quarantine === null
      ? 'quarantine: the run of the workflow will tell'
      : `quarantine: ${quarantine.released} released, ${quarantine.left} left`,
  ];
}
