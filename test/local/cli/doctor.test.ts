import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { sweep } from '../../../app/sweep.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { serve } from '../../../local/server.ts';
import { keysOf } from '../../support/door.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';

const told = z.object({
  schema_version: z.literal(1),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum(['ok', 'warn', 'fail']),
      required: z.boolean(),
      detail: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

async function open() {
  const dataDir = join(temporaryDirectory(), 'data');
  const runtime = await openRuntime({ dataDir });
  const served = await serve(runtime, { port: 0, host: '127.0.0.1' });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await served.close();
    isOpen = false;
  };
  onTestFinished(async () => {
    await close();
    await runtime.close();
  });
  const doctor = async (...words: readonly string[]) => {
    const ran = await runCommand(['doctor', '--url', served.url, '--token', runtime.ownerToken, ...words]);
    return { ...ran, checks: words.includes('--json') ? told.parse(JSON.parse(ran.out)).checks : [] };
  };
  return { runtime, served, close, doctor };
}

test('doctor of a server tells its own checks, twenty deliveries, and each deadline of a document', async () => {
  const { runtime, doctor } = await open();
  const { code, checks } = await doctor('--json');
  const states = new Map(checks.map(({ id, state }) => [id, state]));
  expect(code).toBe(0);
  for (const id of ['server', 'vault', 'batches', 'deliveries']) expect([id, states.get(id)]).toEqual([id, 'ok']);
  const deadlines = [...states.keys()].filter((id) => id.startsWith('deadline.'));
  expect(deadlines).toEqual(['deadline.withings', 'deadline.oura', 'deadline.garmin']);
  expect(states.has('sweep')).toBe(true);

  // They are there, and no batch sees anything of them.
  expect(await keysOf(runtime.objects, 'selftest/')).toHaveLength(20);
  expect(await keysOf(runtime.objects, 'raw/')).toEqual([]);
  expect(await sweep(runtime)).toBeUndefined();
});

test('in words a person reads a line a check, without ids and secrets', async () => {
  const { runtime, doctor } = await open();
  const { out } = await doctor();
  expect(out).toMatch(/^✓ server: The server answers at http:\/\/127\.0\.0\.1:\d+\.$/m);
  expect(out).toMatch(/^✓ deliveries: 20 signed deliveries were acknowledged: the first in \d+ ms, /m);
  expect(out).toMatch(/^✓ deadline: Withings waits 2 s; the slowest answer took \d+ ms\.$/m);
  expect(out).not.toContain(runtime.ownerToken);
});

test('a server that does not answer, and one that does not know the token, fail; what could not be measured is said', async () => {
  const { served, close, doctor } = await open();
  const wrong = await runCommand(['doctor', '--url', served.url, '--token', 'wrong', '--json']);
  await close();
  for (const { code, out } of [wrong, await doctor('--json')]) {
    expect(code).toBe(1);
    expect(told.parse(JSON.parse(out)).checks).toMatchObject([
      { id: 'server', state: 'fail', required: true, remedy: expect.any(String) },
      { id: 'deliveries', state: 'warn', detail: expect.stringContaining('was not measured') },
    ]);
  }
});

test('redrive of a server says what it did there; again it finds nothing', async () => {
  const { runtime, served } = await open();
  const there = ['--url', served.url, '--token', runtime.ownerToken, '--json'];
  for (const _ of [1, 2]) {
    const { code, out } = await runCommand(['redrive', ...there]);
    expect([code, JSON.parse(out)]).toMatchObject([0, { notices: { finished: 0, left: 0 }, batch: { objects: 0 } }]);
  }
});
