import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../local/environment.ts';
import type { Ran } from './terminal.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/wellspring.mjs', import.meta.url));

/** The program in a process of its own; killed when the test has finished. */
export interface Program {
  /** What a pattern matches in what it says on either channel, as soon as it does; rejects with all it said when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Everything it has said on both channels. */
  said(): Buffer;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended and everything it said is here. */
  readonly ended: Promise<Ran>;
}

const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString();

/** Starts the program with these words and, beside its environment, nothing but where programs are found. */
export function startProgram(words: readonly string[], environment: Environment, cwd: string): Program {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, out, err]: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
  const lookers = new Set<() => void>();
  const listen = (own: Buffer[]) => (bytes: Buffer) => {
    said.push(bytes);
    own.push(bytes);
    for (const look of lookers) look();
  };
  child.stdout.on('data', listen(out));
  child.stderr.on('data', listen(err));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode ?? -1, out: text(out), err: text(err) }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text(said));
          if (found === null) return;
          lookers.delete(look);
          resolve(found);
        };
        lookers.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended without a word of it: ${text(said)}`)));
      }),
    said: () => Buffer.concat(said),
    signal: (name) => void child.kill(name),
    ended,
  };
}
