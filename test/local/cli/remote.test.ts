import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRuntime } from '../../../local/runtime.ts';
import { serve } from '../../../local/server.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';

/** A data directory with a person and a link, and its running server; `both` asks the one and then the other. */
async function open() {
  const dataDir = join(temporaryDirectory(), 'data');
  await runCommand(['user', 'add', 'Ann', '--data-dir', dataDir]);
  await runCommand(['link', 'garmin', '--user', 'Ann', '--external-id', 'g-1', '--data-dir', dataDir]);
  const runtime = await openRuntime({ dataDir });
  const served = await serve(runtime, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await served.close();
    await runtime.close();
  });
  return async (...words: readonly string[]) => ({
    here: await runCommand([...words, '--data-dir', dataDir]),
    there: await runCommand([...words, '--url', served.url, '--token', runtime.ownerToken]),
  });
}

test('status tells of a running server what it tells of its data directory', async () => {
  const both = await open();
  for (const words of [['status'], ['status', '--user', 'Ann']]) {
    const { here, there } = await both(...words, '--json');
    expect(there, words.join(' ')).toEqual(here);
    expect(JSON.parse(there.out)).toMatchObject({
      connections: [{ provider: 'garmin', scopes: [], missing_scopes: [], last_fetch: null, last_data_day: null }],
    });
  }
});

test.each([
  [['status', '--user', 'Zed'], 2, 'unknown_user'],
  [['explain', '--user', 'Zed', '--day', '2026-03-01', '--metric', 'steps'], 2, 'unknown_user'],
  [['explain', '--user', 'Ann', '--day', '2026-03-01', '--metric', 'steps'], 1, 'nothing_to_explain'],
])('%j fails through a server as it fails here, with the remedy', async (words, exit, code) => {
  const { here, there } = await (await open())(...words, '--json');
  expect(there).toEqual(here);
  expect([there.code, there.out]).toEqual([exit, '']);
  expect(JSON.parse(there.err)).toMatchObject({ error: { code, remedy: expect.any(String) } });
});

test('what is wrong with a connection stands under the table, which fits a terminal', async () => {
  const { here } = await (await open())('status');
  const [head, , row, blank, problem, remedy] = here.out.split('\n');
  expect(head?.split(/ +/)).toEqual(['provider', 'user', 'state', 'last_delivery', 'last_data_day']);
  expect(row).toMatch(/^garmin +Ann +active$/);
  expect(blank).toBe('');
  expect(problem).toMatch(/^! garmin of Ann: Nothing of it is published yet\.$/);
  expect(remedy).toMatch(/^ {2}→ /);
});
