import { CommanderError } from 'commander';
import { createColors } from 'picocolors';
import type { Context } from './context.ts';
import { mayColour } from './terminal.ts';

interface Report {
  readonly code: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly remedy: string | undefined;
  readonly exit: number;
}

/** Tells an error on stderr, as JSON when asked, and answers the exit code of contract 2. */
export function report(error: unknown, context: Pick<Context, 'terminal' | 'globals'>): number {
  const { code, message, detail, remedy, exit } = describe(error);
  const { err } = context.terminal;
  if (context.globals.json) {
    const envelope = { code, message, detail: detail ?? null, remedy: remedy ?? null };
    err(`${JSON.stringify({ schema_version: 1, error: envelope })}\n`);
  } else {
    const { red, dim } = createColors(mayColour(context.terminal));
    const lines = [
      `${red('✗')} ${message}`,
      ...(detail ? [`  ${detail}`] : []),
      ...(remedy ? [`  → ${remedy}`] : []),
      dim(`  (${code})`),
    ];
    err(`${lines.join('\n')}\n`);
  }
  if (context.globals.debug && error instanceof Error) err(`${traceOf(error)}\n`);
  return exit;
}

function describe(error: unknown): Report {
  if (error instanceof CommanderError) return describeUsage(error);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return {
      code: error.code,
      message: error.message,
      detail: textOf(error, 'detail'),
      remedy: textOf(error, 'remedy'),
      // A driver's refusal has no exit code of its own: its resource is what failed.
      exit: 'exit' in error && typeof error.exit === 'number' ? error.exit : 4,
    };
  }
  return {
    code: 'unexpected',
    message:
      error instanceof Error ? `Something unexpected happened: ${error.message}` : 'Something unexpected happened.',
    detail: undefined,
    remedy: 'Run it again with --debug to see where.',
    exit: 1,
  };
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` → message, remedy, and `unknown_option`. */
function describeUsage(error: CommanderError): Report {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  return {
    code: error.code.replace(/^commander\./, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    message: `${first.charAt(0).toUpperCase()}${first.slice(1)}${first.endsWith('.') ? '' : '.'}`,
    detail: undefined,
    remedy: rest.join(' ').replace(/^\(|\)$/g, '') || 'See wellspring --help.',
    exit: 2,
  };
}

function textOf(error: Error, field: 'detail' | 'remedy'): string | undefined {
  const value: unknown = Object.entries(error).find(([name]) => name === field)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${traceOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
