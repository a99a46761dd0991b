import { createHmac } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { setClientSecret } from '../../app/client-secret.ts';
import { createApp } from '../../local/app.ts';
import { openRuntime } from '../../local/runtime.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { fixture } from '../support/fixture.ts';

const AT = Date.UTC(2026, 2, 30, 12);
const SECRET = 'a-client-secret-of-ours';
const EVENT = fixture('oura/webhook_event_sleep_update.json');

/** A machine that checks Oura's signatures, with its doors; `rest` lets it look at its secrets again. */
async function open(dataDir: string) {
  const clock = createFixedClock(AT);
  const runtime = await openRuntime({ dataDir, clock });
  onTestFinished(() => runtime.close());
  const app = createApp(runtime);
  const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
    await app.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }, {});
  return {
    runtime,
    rest: () => clock.advance(2_000),
    signed: () => {
      const stamp = String(clock.now() / 1000);
      const mac = createHmac('sha256', SECRET).update(stamp).update(EVENT).digest('hex');
      return post('/webhooks/oura', EVENT, { 'x-oura-signature': mac, 'x-oura-timestamp': stamp });
    },
    unsigned: () =>
      post(
        `/webhooks/garmin/${runtime.keyring.issue('garmin', 'path', 'k1')}`,
        fixture('garmin/spec-push-sleeps.json'),
      ),
  };
}

/** One whose secret is set, and the file of the key it is sealed with. */
async function openSet() {
  const dataDir = join(temporaryDirectory(), 'data');
  const machine = await open(dataDir);
  await setClientSecret(machine.runtime, { id: 'oura', name: 'Oura' }, SECRET);
  machine.rest();
  expect((await machine.signed()).status).toBe(200);
  return { ...machine, dataDir, key: join(dataDir, 'vault.key') };
}

test('a signed push while its secret cannot be opened is to be sent again, and is taken once it can be', async () => {
  const { dataDir, key, rest, signed, unsigned } = await openSet();
  renameSync(key, `${key}.away`);
  writeFileSync(key, `${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 });
  rest();
  const later = await open(dataDir);
  for (const machine of [{ signed, unsigned }, later]) {
    const answer = await machine.signed();
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'not_configured' }]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await machine.unsigned()).status).toBe(200);
  }
  renameSync(`${key}.away`, key);
  rest();
  expect((await signed()).status).toBe(200);
});

test('while the file of the key cannot be read a running server goes on with what it knows', async () => {
  const { key, rest, signed, unsigned } = await openSet();
  rmSync(key);
  mkdirSync(key, { mode: 0o700 });
  rest();
  expect([(await signed()).status, (await unsigned()).status]).toEqual([200, 200]);
});
