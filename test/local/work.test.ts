import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { every } from '../../local/every.ts';
import { openRuntime } from '../../local/runtime.ts';
import { serve, type Served } from '../../local/server.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { runCommand } from '../support/terminal.ts';

async function start(dataDir: string): Promise<Served> {
  const runtime = await openRuntime({ dataDir });
  const served = await serve(runtime, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await served.close();
    await runtime.close();
  });
  return served;
}

/** A person and a weight, stored by another run of the command line. */
async function importWeight(base: string, dataDir: string): Promise<void> {
  const file = join(base, 'Measurement.csv');
  writeFileSync(file, 'Date,Weight\n2026-03-01,70.5\n');
  await runCommand(['user', 'add', 'Ann', '--units', 'metric', '--data-dir', dataDir]);
  const { code } = await runCommand(['import', 'myfitnesspal', file, '--user', 'Ann', '--data-dir', dataDir]);
  expect(code).toBe(0);
}

async function publishedWeights(dataDir: string): Promise<string> {
  const sql = "select value from daily_metrics where metric = 'weight_kg'";
  return (await runCommand(['query', sql, '--json', '--data-dir', dataDir])).out;
}

test('what lay in raw before the start is published by the sweep at the start', async () => {
  const base = temporaryDirectory();
  const dataDir = join(base, 'data');
  await importWeight(base, dataDir);
  await start(dataDir);
  await vi.waitFor(async () => expect(await publishedWeights(dataDir)).toContain('"value":70.5'), {
    timeout: 120_000,
    interval: 200,
  });
});

test('what another process stores is published without waiting for the window of the batch rule', async () => {
  const base = temporaryDirectory();
  const dataDir = join(base, 'data');
  await (await start(dataDir)).settle();
  await importWeight(base, dataDir);
  await vi.waitFor(async () => expect(await publishedWeights(dataDir)).toContain('"value":70.5'), {
    timeout: 120_000,
    interval: 200,
  });
});

test('what repeats begins at once, begins again after its time, and ends when it is stopped', async () => {
  const clock = createFixedClock(0);
  const stop = new AbortController();
  let times = 0;
  every(clock, 1000, stop.signal, async () => {
    times += 1;
  });
  await vi.waitFor(() => expect(times).toBe(1));
  clock.advance(999);
  await Promise.resolve();
  expect(times).toBe(1);
  clock.advance(1);
  await vi.waitFor(() => expect(times).toBe(2));
  stop.abort();
  clock.advance(5000);
  await Promise.resolve();
  expect(times).toBe(2);
});
