import { runDemo } from '../../local/demo.ts';
import type { DemoOptions } from '../../local/demo/options.ts';

/** What a demo said it made. */
export type Said = Readonly<Record<string, unknown>>;

/** A demo as the command line would start it without a terminal, and what it prints. */
export interface Staged {
  readonly options: DemoOptions;
  readonly printed: readonly { readonly value: Said; readonly text: string }[];
  readonly interrupt: () => void;
}

/** A demo of one person and a few days, not yet started. */
export function stage(dataDir: string, changes: Partial<DemoOptions> = {}): Staged {
  const printed: { value: Said; text: string }[] = [];
  const interrupted = new AbortController();
  const options: DemoOptions = {
    once: true,
    days: 4,
    people: 1,
    seed: 'demo',
    until: '2026-11-20',
    faults: 'none',
    port: 0,
    open: false,
    ...changes,
    context: {
      globals: { dataDir },
      terminal: {
        out: () => undefined,
        err: () => undefined,
        interactive: false,
        environment: {},
        interrupted: interrupted.signal,
      },
      say: () => undefined,
      print: (value, text) => {
        printed.push({ value: { ...value }, text });
      },
    },
  };
  return { options, printed, interrupt: () => interrupted.abort() };
}

/** Plays a demo once; answers what it would print. */
export async function play(dataDir: string, changes: Partial<DemoOptions> = {}): Promise<Said> {
  const { options, printed } = stage(dataDir, changes);
  await runDemo(options);
  return printed[0]?.value ?? {};
}
