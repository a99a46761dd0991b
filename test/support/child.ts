import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  /** The next line the child prints; undefined when it has ended. */
  line(): Promise<string | undefined>;
  /** Every line that is left, once the child has ended. */
  rest(): Promise<readonly string[]>;
  tell(line: string): void;
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>;
  /** The signal that ended the child, or its exit code. */
  ended(): Promise<string | number | null>;
}

/**
 * Runs a TypeScript file as a process of its own; killed when the test has finished. `file` is a `file:` URL,
 * `limit` the shell's words that limit what the process may use, such as `ulimit -f 2048`.
 */
export function startChild(file: URL, args: readonly string[], limit = ':'): Child {
  const command = [process.execPath, '--import', 'tsx', fileURLToPath(file), ...args];
  const child = spawn('sh', ['-c', `${limit} && exec "$@"`, 'sh', ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  const end = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onTestFinished(() => stop(child, end));
  // A child that was killed cannot be told anything; that is not the test's failure.
  child.stdin.on('error', () => undefined);
  const line = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  return {
    line,
    async rest() {
      const left: string[] = [];
      for (let next = await line(); next !== undefined; next = await line()) left.push(next);
      return left;
    },
    tell: (text) => void child.stdin.write(`${text}\n`),
    kill: () => stop(child, end),
    async ended() {
      await end;
      return child.signalCode ?? child.exitCode;
    },
  };
}

async function stop(child: ChildProcess, end: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await end;
}
