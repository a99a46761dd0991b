import type { Command } from 'commander';
import { type BackfillReport, backfill } from '../../app/collect/backfill.ts';
import { listConnections } from '../../app/connections.ts';
import { WellspringError } from '../../app/errors.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';
import { type Pause, pauseOf } from './backfill-pause.ts';
import { showBackfill } from './backfill-progress.ts';
import { day } from './values.ts';

interface Options {
  readonly user: string;
  readonly from: string;
  readonly to: string;
}

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as withings')
    .requiredOption('--user <user>', 'id or name')
    .requiredOption('--from <day>', 'the oldest day, such as 2025-01-01', day)
    .requiredOption('--to <day>', 'the newest day', day)
    .action((provider: string, options: Options) => fetchBack(provider, options, context));
}

async function fetchBack(provider: string, { user, from, to }: Options, context: Context): Promise<void> {
  if (from > to) {
    const remedy = '--from is the older day, --to the newer one.';
    throw new WellspringError({ code: 'bad_range', message: `${from} is after ${to}.`, remedy, exit: 2 });
  }
  context.stopInOrder();
  const { interrupted: signal, interactive } = context.terminal;
  const runtime = await context.open();
  const { user_id: userId } = await findUser(runtime, user);
  const progress = showBackfill(runtime.clock, { interactive, say: (line) => context.say(line) });
  const reports = await backfill(runtime, { provider, userId, from, to, signal, onProgress: progress.show }).finally(
    progress.stop,
  );
  const again = `wellspring backfill ${provider} --user ${userId} --from ${from} --to ${to}`;
  const connections = await listConnections(runtime, userId);
  const told = reports.map((report) => {
    const connection = connections.find(({ connection_id: id }) => id === report.connection_id);
    return { ...report, pause: pauseOf(report, connection, { isStopped: signal.aborted }) };
  });
  for (const report of told) tell(report, again, context);
  context.print({ backfills: told }, reports.map(sentence).join('\n'));
  if (signal.aborted) context.exitCode = 130;
  else if (reports.some(({ state }) => state === 'paused')) context.exitCode = 4;
}

function tell(report: BackfillReport & { readonly pause: Pause | null }, again: string, context: Context): void {
  for (const [type, why] of Object.entries(report.left_out)) context.say(`! ${type} was left out: ${why}`);
  if (report.pause === null) return;
  const { reason, detail, next } = report.pause;
  context.say(`! ${report.from} to ${report.to} is not finished. ${detail}`);
  context.say(`  What is done stays done. ${next}`);
  if (reason !== 'needs_reconnect') context.say(`  → Or now: ${again}`);
}

function sentence(report: BackfillReport): string {
  const { state, from, to, chunks_done: done, chunks_total: total, requests, delivery } = report;
  const said = `${from} to ${to}: ${done} of ${total} parts, ${requests} requests`;
  if (state === 'paused') return `${said}, not finished`;
  if (delivery === 'fetched' || total === 0) return `${said}, finished`;
  return `${said}, all asked for; the days are sent by the provider, and what has arrived shows in wellspring status`;
}
