import { run } from '../../local/cli.ts';
import type { Environment } from '../../local/environment.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process, without a terminal; `input` is its stdin. */
export async function runCommand(words: readonly string[], environment: Environment = {}, input = ''): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(words, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    input: async () => input,
    interactive: false,
    environment,
    interrupted: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
}
