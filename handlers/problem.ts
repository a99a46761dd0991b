import { WellspringError } from '../app/errors.ts';
import { PortError } from '../ports/errors.ts';
import type { FunctionName } from './environment.ts';

/** What may be said of a failure in a log: never the words of a library, which may repeat what it was given. */
export function codeOf(error: unknown): string {
  if (error instanceof WellspringError || error instanceof PortError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

/** Writes a failure to the log as one line of JSON. */
export function tell(doing: string, error: unknown): void {
  const isOurs = error instanceof WellspringError || error instanceof PortError;
  const message = isOurs ? error.message : undefined;
  const at = isOurs || !(error instanceof Error) ? undefined : placesOf(error);
  process.stderr.write(`${JSON.stringify({ level: 'ERROR', doing, code: codeOf(error), message, at })}\n`);
}

/** Where it happened: the lines of the stack that name a place in a file, and nothing of what it said, which may have lines, too. */
function placesOf({ stack = '', message }: Error): readonly string[] {
  const lines = stack.replace(message, '').split('\n');
  return lines.filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line)).slice(0, 5);
}

/** For an event of an unknown shape, of which nothing is done. Nothing of it is repeated: it may hold a name. */
export function unknownEvent(name: FunctionName): WellspringError {
  return new WellspringError({
    code: 'unknown_event',
    message: `The function ${name} was called with an event it does not know.`,
    remedy: 'Compare what calls it with handlers/events.ts.',
    status: 400,
  });
}
