import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LocalOptions, openRuntime } from '../../local/runtime.ts';
import { serve } from '../../local/server.ts';
import { temporaryDirectory } from './directory.ts';
import { runCommand } from './terminal.ts';

/** A data directory with a person and a link, and its running server; `here` asks the one and `there` the other, `both` each in turn. */
export async function openRemote(options: Partial<LocalOptions> = {}) {
  const base = temporaryDirectory();
  const dataDir = join(base, 'data');
  const here = (...words: readonly string[]) => runCommand([...words, '--data-dir', dataDir]);
  await here('user', 'add', 'Ann', '--zone', 'Europe/Paris', '--units', 'metric');
  await here('link', 'garmin', '--user', 'Ann', '--external-id', 'g-1');
  const runtime = await openRuntime({ dataDir, ...options });
  const served = await serve(runtime, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await served.close();
    await runtime.close();
  });
  const there = (...words: readonly string[]) =>
    runCommand([...words, '--url', served.url, '--token', runtime.ownerToken]);
  const both = async (...words: readonly string[]) => ({ here: await here(...words), there: await there(...words) });
  return { base, dataDir, runtime, served, here, there, both };
}
