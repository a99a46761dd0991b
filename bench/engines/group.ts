import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { processes, sumOf } from './session.ts';

/** What a command took, with everything it started. */
export interface Cost {
  /** From its start to its end: what a program needs to begin is part of it, for each alike. */
  readonly seconds: number;
  /** Of all its processes, also those that had ended before it did. */
  readonly processorSeconds: number;
  /** Peak of the sum of what its processes held, in MB; pages two of them share count twice. */
  readonly peakMb: number;
}

export interface Ended extends Cost {
  /** As a shell says it; above 128 for a signal. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GroupOptions {
  /** In place of this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After so long it is killed; never when absent. */
  readonly mostSeconds?: number;
  /** How often its memory is looked at, in ms. */
  readonly everyMs?: number;
}

// It outlives the command until it is killed: what its children used can be read from it, and would be gone with it.
const HOLD = '"$@" </dev/null 3>&-; echo $? >&3; read -r _';

const running = new Set<number>();

/** Again until there is none: what is started while others are being killed would be left, and hold what is waited for. */
function killSession(session: number): void {
  for (;;) {
    // Without memory it has ended already, and waits for somebody to see it.
    const alive = processes().filter((one) => one.session === session && one.residentKb > 0);
    if (alive.length === 0) return;
    for (const { pid } of alive) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }
}

process.once('exit', () => {
  for (const session of running) killSession(session);
});

/**
 * Runs a command in a session of its own and measures all of it: a Java with its Pythons as well as a single process. What goes on longer than
 * `mostSeconds` is killed and ends with code 137; nothing of it outlives this process.
 */
export async function runMeasured(
  command: readonly string[],
  { env, mostSeconds, everyMs = 50 }: GroupOptions = {},
): Promise<Ended> {
  const startedMs = performance.now();
  const child = spawn('/bin/sh', ['-c', HOLD, 'sh', ...command], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env }),
  });
  const [session, end] = [child.pid ?? 0, once(child, 'close')];
  running.add(session);
  const telling = child.stdio[3];
  if (!(telling instanceof Readable)) throw new Error('A process was started without its pipes.');
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  let [processorSeconds, peakMb] = [0, 0];
  const look = (): void => {
    const now = sumOf(processes(), session);
    processorSeconds = Math.max(processorSeconds, now.processorSeconds);
    peakMb = Math.max(peakMb, now.mb);
  };
  const looking = setInterval(look, everyMs);
  const killing =
    mostSeconds === undefined ? undefined : setTimeout(() => killSession(session), Math.ceil(mostSeconds * 1000));
  try {
    const [said] = (await Promise.race([once(telling, 'data'), end])) as unknown[];
    const seconds = (performance.now() - startedMs) / 1000;
    look();
    // With it goes what the command left behind.
    killSession(session);
    await end;
    const code = Buffer.isBuffer(said) ? Number(said.toString()) : 137;
    return { seconds, processorSeconds, peakMb, code, stdout: await stdout, stderr: await stderr };
  } finally {
    clearInterval(looking);
    clearTimeout(killing);
    running.delete(session);
  }
}
