import type { Terminal } from '../cli/terminal.ts';

export interface DemoOptions {
  readonly once?: boolean;
  readonly days: number;
  readonly people: number;
  readonly seed: string;
  /** The last day, `YYYY-MM-DD`; today as far as it has come when absent. */
  readonly until?: string;
  /** How the simulated providers go wrong: `none`, `all` (all that passes), or names with commas. */
  readonly faults: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly open: boolean;
  readonly context: DemoContext;
}

/** What the demo needs of the command line it is called from. */
export interface DemoContext {
  readonly terminal: Terminal;
  readonly globals: { readonly dataDir?: string };
  print(value: object, text: string): void;
  say(line: string): void;
}
