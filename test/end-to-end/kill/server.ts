import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('serve.child.ts', import.meta.url));

/** A server in a process of its own. */
export interface Server {
  readonly url: string;
  /** SIGKILL, and waits until the process is gone; as often as one likes. */
  kill(): Promise<void>;
}

/** Starts one and waits until it answers; throws what it said when it ended before. */
export async function startServer(asked: Readonly<Record<string, unknown>>): Promise<Server> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, JSON.stringify(asked)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = once(child, 'exit');
  const said: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error(`The server did not start: ${said.join('')}`);
  return {
    url: first.value,
    async kill() {
      child.kill('SIGKILL');
      await end;
    },
  };
}
