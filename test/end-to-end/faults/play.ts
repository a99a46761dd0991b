import { runDemo } from '../../../local/demo.ts';
import type { DemoOptions } from '../../../local/demo/options.ts';

/** What a demo said it made. */
export type Said = Readonly<Record<string, unknown>>;

/** Plays a demo once, as the command line would without a terminal; answers what it would print. */
export async function play(dataDir: string, changes: Partial<DemoOptions> = {}): Promise<Said> {
  const printed: Said[] = [];
  await runDemo({
    once: true,
    days: 4,
    people: 2,
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
        interrupted: new AbortController().signal,
      },
      say: () => undefined,
      print: (value) => {
        printed.push({ ...value });
      },
    },
  });
  return printed[0] ?? {};
}
