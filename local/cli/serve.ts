import type { Command } from 'commander';
import { WellspringError } from '../../app/errors.ts';
import type { Context } from './context.ts';

interface Options {
  readonly port?: string;
  readonly host?: string;
  readonly publicUrl?: string;
}

export function describe(command: Command, context: Context): void {
  command
    .option('--port <port>', 'port to listen on, 0 for any free one (default 8787)')
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--public-url <url>', 'what redirect and webhook addresses are made from')
    .action((options: Options) => serveUntilStopped(options, context));
}

async function serveUntilStopped(options: Options, context: Context): Promise<void> {
  context.stopInOrder();
  // Its own batches wait for each other all the time.
  const runtime = await context.open(options, { quiet: true });
  const { values } = await context.configuration(options);
  const { serve } = await import('../server.ts');
  const served = await serve(runtime, {
    port: values.port,
    host: values.host,
    onProblem: (doing, error) => context.say(`${doing} failed: ${sentence(error)}`),
  });
  if (context.globals.json) context.terminal.out(`${JSON.stringify({ event: 'listening', url: served.url })}\n`);
  else context.terminal.out(`Wellspring answers at ${served.url}\n`);
  if (runtime.ownerTokenMade) {
    context.say(`Your owner token, shown this once (kept in owner.token): ${runtime.ownerToken}`);
  }
  context.say('Sign in with the owner token. Ctrl-C stops.');
  await stopped(context.terminal.interrupted);
  context.say('Stopping …');
  if ((await served.close()) === 'left') {
    context.say('A batch was still running and was left; the next one completes it.');
    context.leave();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

function sentence(error: unknown): string {
  if (error instanceof WellspringError) return [error.message, error.remedy].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : 'unknown reason';
}
