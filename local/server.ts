import { WellspringError } from '../app/errors.ts';
import { endExports } from '../app/export/asked.ts';
import type { Lease } from '../ports/state/state.ts';
import { createApp } from './app.ts';
import { every } from './every.ts';
import { listen, stopListening } from './listen.ts';
import type { LocalRuntime } from './runtime.ts';
import { readServing } from './serving.ts';
import { startWork } from './work.ts';

const LEASE_MS = 30_000;
const GRACE_MS = 5_000;

export interface ServeOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** Hears what failed in the background; silent when absent. */
  readonly onProblem?: ((doing: string, error: unknown) => void) | undefined;
}

export interface Served {
  /** `http://host:port`, without a trailing slash. */
  readonly url: string;
  /** Runs the batch that events wait for now, and resolves when it has ended. */
  settle(): Promise<void>;
  /** Stops accepting, ends running replies and, within seconds, the running batch (`left`: it goes on); the runtime stays open. */
  close(): Promise<'finished' | 'left'>;
}

/** Serves one data directory; a second server on it throws `already_serving` (exit 2), naming the first. */
export async function serve(runtime: LocalRuntime, options: ServeOptions): Promise<Served> {
  const onProblem = options.onProblem ?? (() => undefined);
  const lease = await takeDirectory(runtime);
  await endExports(runtime);
  const { server, url } = await listen(createApp(runtime), options).catch(async (error: unknown) => {
    await lease.release();
    throw error;
  });
  await runtime.announce(url);
  const stop = new AbortController();
  every(runtime.clock, LEASE_MS / 3, stop.signal, async () => {
    // A full disk is told and outlived: a server that ended here would answer nobody when there is room again.
    const held = await lease.renew().catch((error: unknown) => {
      onProblem('holding the data directory', error);
      return true;
    });
    // Both only write what is not there yet, and batches have a lease of their own: nothing is lost, but somebody should know.
    if (!held) onProblem('holding the data directory', takenOver());
  });
  const work = startWork(runtime, onProblem);
  return {
    url,
    settle: work.settle,
    async close() {
      stop.abort();
      await stopListening(server, runtime.clock, GRACE_MS);
      const end = await work.close();
      await lease.release();
      return end;
    },
  };
}

function takenOver(): WellspringError {
  return new WellspringError({
    code: 'lease_lost',
    message: 'Another server took this data directory over while this one stood still.',
    remedy: 'Stop one of the two.',
  });
}

async function takeDirectory(runtime: LocalRuntime): Promise<Lease> {
  const taken = await runtime.state.acquire('serve', { ttlMs: LEASE_MS });
  if (taken.ok) return taken.lease;
  const first = await readServing(runtime.state);
  throw new WellspringError({
    code: 'already_serving',
    message: `Another server works on this data directory: ${first ? `process ${first.pid} at ${first.url}` : taken.holder}.`,
    detail: runtime.dataDir,
    remedy: 'Use that one, stop it, or give this one another --data-dir.',
    exit: 2,
  });
}
