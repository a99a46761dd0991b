import type { Environment } from '../environment.ts';

/** The streams and circumstances of one run of the command line. */
export interface Terminal {
  /** Data: what a script reads. */
  readonly out: (text: string) => void;
  /** Talk: what a person reads. */
  readonly err: (text: string) => void;
  /** Everything on stdin, as text; absent where there is none. */
  readonly input?: () => Promise<string>;
  /** Whether a person looks at stderr. */
  readonly interactive: boolean;
  readonly environment: Environment;
  /** Aborted by Ctrl-C or a request to end. */
  readonly interrupted: AbortSignal;
}

/** Whether stderr may carry colours: a terminal that can, and NO_COLOR not set (https://no-color.org). */
export function mayColour(terminal: Terminal): boolean {
  const { NO_COLOR: refused, FORCE_COLOR: forced, TERM: term } = terminal.environment;
  if (refused) return false;
  return forced ? forced !== '0' : terminal.interactive && term !== 'dumb';
}
