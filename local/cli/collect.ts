import type { Command } from 'commander';
import * as z from 'zod';
import type { CollectReport, StreamReport } from '../../app/collect/report.ts';
import { collect } from '../../app/collect.ts';
import { findUser } from '../../app/people.ts';
import type { Server } from '../stack/server.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';
import { whole } from './values.ts';

interface Options {
  readonly user?: string;
  readonly metric?: string;
  readonly days?: number;
}

const words = z.string().nullable();
const stream = z.looseObject({
  provider: z.string(),
  user_id: z.string(),
  connection_id: z.string(),
  type: z.string(),
  outcome: z.enum(['stored', 'later', 'skipped']),
  requests: z.number(),
  objects: z.number(),
  duplicates: z.number(),
  reason: words,
  detail: words,
  retry_at: words,
});
const report = z.object({
  streams: z.array(stream),
  requests: z.number(),
  objects: z.number(),
  duplicates: z.number(),
  busy: z.array(z.string()),
});
/** A stack begins it, and its queue does the rest. */
const begun = z.object({ connections: z.array(z.string()) });
const answer = z.union([report, begun]);

const NOTHING = 'Nothing to ask: no provider that can be asked is connected.';

export function describe(command: Command, context: Context): void {
  command
    .argument('[provider]', 'such as withings (default: all that can be asked)')
    .option('--user <user>', 'id or name (default: everybody)')
    .option('--metric <metric>', 'only what holds this metric, such as weight_kg')
    .option('--days <days>', 'days back, today counted (default 7)', whole(1))
    .action(async (provider: string | undefined, options: Options) => {
      const server = await context.server();
      return server === undefined
        ? fetchNow(provider, options, context)
        : fetchThere(server, provider, options, context);
    });
}

async function fetchNow(provider: string | undefined, options: Options, context: Context): Promise<void> {
  context.stopInOrder();
  const { interrupted: signal } = context.terminal;
  const runtime = await context.open();
  const { user, metric, days } = options;
  const userId = user === undefined ? undefined : (await findUser(runtime, user)).user_id;
  const found = await collect(runtime, {
    provider,
    userId,
    metric,
    days,
    // Somebody who asks by hand has perhaps mended what was refused.
    afresh: true,
    signal,
    onProgress: (source) => context.say(`Asking ${source.provider.name} …`),
  });
  tell(found, context);
  if (found.objects > 0) context.say('A running server publishes them now; without one: wellspring process');
  if (signal.aborted) context.exitCode = 130;
}

async function fetchThere(
  server: Server,
  provider: string | undefined,
  { user, metric, days }: Options,
  context: Context,
): Promise<void> {
  const path = provider === undefined ? '/api/v1/collect' : `/api/v1/collect/${encodeURIComponent(provider)}`;
  const parameters = { user_id: user, metric, days: days?.toString(), wait: 'true' };
  const found = await ask(server, path, answer, { method: 'POST', parameters });
  if ('streams' in found) return tell(found, context);
  const { connections } = found;
  const asked = `Begun for ${connections.length} connections; what is new comes within minutes, and wellspring status tells.`;
  context.print({ connections }, connections.length === 0 ? NOTHING : asked);
}

function tell(found: CollectReport, context: Context): void {
  const { streams, requests, objects, duplicates, busy } = found;
  for (const one of streams) if (one.outcome !== 'stored') context.say(sentence(one));
  if (busy.length > 0) context.say(`! Another process is asking for ${busy.join(', ')}; it goes on.`);
  if (streams.some(({ outcome }) => outcome === 'later')) context.exitCode = 4;
  const text =
    streams.length === 0 ? NOTHING : `${requests} requests, ${objects} objects stored, ${duplicates} known already`;
  context.print({ ...found }, text);
}

function sentence({ provider, type, outcome, detail, retry_at: at }: StreamReport): string {
  const when = outcome === 'later' && at !== null ? ` It is asked again after ${at}.` : '';
  return `${outcome === 'later' ? '✗' : '!'} ${provider} ${type}: ${detail ?? ''}${when}`;
}
