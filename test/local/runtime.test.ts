import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { disconnect, link } from '../../app/connections.ts';
import { addUser } from '../../app/people.ts';
import { openRuntime, type LocalOptions, type LocalRuntime } from '../../local/runtime.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { temporaryDirectory } from '../support/directory.ts';

async function open(options: LocalOptions): Promise<LocalRuntime> {
  const runtime = await openRuntime(options);
  onTestFinished(() => runtime.close());
  return runtime;
}

test('a new data directory belongs to its owner alone, with its secrets', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  await open({ dataDir });
  const modes = ['', 'ingest.secret', 'owner.token'].map((name) => statSync(join(dataDir, name)).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600, 0o600]);
  expect(readdirSync(dataDir)).toContain('state.db');
});

test("the owner's token is made once, and the environment's is used without being kept", async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const first = await open({ dataDir });
  const second = await open({ dataDir });
  const third = await open({ dataDir, ownerToken: 'token-of-the-environment' });
  expect([first.ownerTokenMade, second.ownerTokenMade, third.ownerTokenMade]).toEqual([true, false, false]);
  expect(second.ownerToken).toBe(first.ownerToken);
  expect(third.ownerToken).toBe('token-of-the-environment');
  expect(readFileSync(join(dataDir, 'owner.token'), 'utf8').trim()).toBe(first.ownerToken);
});

test('addresses hold across restarts, and another directory has others', async () => {
  const base = temporaryDirectory();
  const issue = async (name: string) =>
    (await open({ dataDir: join(base, name) })).keyring.issue('garmin', 'path', 'k1');
  const [first, again, other] = [await issue('a'), await issue('a'), await issue('b')];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('a token that another process revoked is refused after the next refresh', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const clock = createFixedClock(Date.UTC(2026, 10, 21));
  const server = await open({ dataDir, clock });
  const shell = await open({ dataDir, clock });
  const user = await addUser(shell, { name: 'Ann' });
  const { token = '' } = await link(shell, { provider: 'apple', user });
  expect(server.keyring.check('apple', 'token', token).ok).toBe(true);
  await disconnect(shell, { provider: 'apple', user });
  clock.advance(1000);
  await server.refresh();
  expect(server.keyring.check('apple', 'token', token)).toEqual({ ok: false, reason: 'revoked' });
});
