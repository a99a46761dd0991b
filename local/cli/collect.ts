import type { Command } from 'commander';
import type { CollectReport, StreamReport } from '../../app/collect/report.ts';
import { collect } from '../../app/collect.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';
import { whole } from './values.ts';

interface Options {
  readonly user?: string;
  readonly metric?: string;
  readonly days?: number;
}

export function describe(command: Command, context: Context): void {
  command
    .argument('[provider]', 'such as withings (default: all that can be asked)')
    .option('--user <user>', 'id or name (default: everybody)')
    .option('--metric <metric>', 'only what holds this metric, such as weight_kg')
    .option('--days <days>', 'days back, today counted (default 7)', whole(1))
    .action((provider: string | undefined, options: Options) => fetchNow(provider, options, context));
}

async function fetchNow(provider: string | undefined, options: Options, context: Context): Promise<void> {
  context.stopInOrder();
  const { interrupted: signal } = context.terminal;
  const runtime = await context.open();
  const { user, metric, days } = options;
  const userId = user === undefined ? undefined : (await findUser(runtime, user)).user_id;
  const report = await collect(runtime, {
    provider,
    userId,
    metric,
    days,
    // Somebody who asks by hand has perhaps mended what was refused.
    afresh: true,
    signal,
    onProgress: (source) => context.say(`Asking ${source.provider.name} …`),
  });
  tell(report, context);
  if (signal.aborted) context.exitCode = 130;
}

function tell(report: CollectReport, context: Context): void {
  const { streams, requests, objects, duplicates, busy } = report;
  for (const stream of streams) if (stream.outcome !== 'stored') context.say(sentence(stream));
  if (busy.length > 0) context.say(`! Another process is asking for ${busy.join(', ')}; it goes on.`);
  if (streams.some(({ outcome }) => outcome === 'later')) context.exitCode = 4;
  const text =
    streams.length === 0
      ? 'Nothing to ask: no provider that can be asked is connected.'
      : `${requests} requests, ${objects} objects stored, ${duplicates} known already`;
  context.print({ ...report }, text);
  if (objects > 0) context.say('A running server publishes them now; without one: wellspring process');
}

function sentence({ provider, type, outcome, detail, retry_at: at }: StreamReport): string {
  const when = outcome === 'later' && at !== null ? ` It is asked again after ${at}.` : '';
  return `${outcome === 'later' ? '✗' : '!'} ${provider} ${type}: ${detail ?? ''}${when}`;
}
