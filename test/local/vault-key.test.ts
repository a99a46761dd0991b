import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRuntime } from '../../local/runtime.ts';
import { openVaultKeys } from '../../local/vault-key.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { temporaryDirectory } from '../support/directory.ts';

const ids = createRandomIds();

async function openDemo(dataDir: string) {
  const runtime = await openRuntime({ dataDir, ids: createSeededIds('demo 1') });
  onTestFinished(() => runtime.close());
  return runtime;
}

test('the key is made once, 32 bytes that only its owner may read', () => {
  const file = join(temporaryDirectory(), 'vault.key');
  const [key = '', ...others] = openVaultKeys(file, ids).all();
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(others).toEqual([]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openVaultKeys(file, ids).all()).toEqual([key]);
});

test.each([0o640, 0o604, 0o666])('a key with the mode %o is refused, with what to do', (mode) => {
  const file = join(temporaryDirectory(), 'vault.key');
  const keys = openVaultKeys(file, ids);
  chmodSync(file, mode);
  const refused = expect.objectContaining({ code: 'vault_key_exposed', remedy: expect.stringContaining('chmod 600') });
  expect(() => keys.all()).toThrow(refused);
  expect(() => openVaultKeys(file, ids)).toThrow(refused);
});

test.each([
  ['a directory', (file: string) => mkdirSync(file, { mode: 0o700 })],
  ['a link to itself', (file: string) => symlinkSync(file, file)],
])('%s in the place of the key is refused with what to do, at the start and later', async (_, make) => {
  const dataDir = join(temporaryDirectory(), 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const file = join(dataDir, 'vault.key');
  const keys = openVaultKeys(file, ids);
  rmSync(file);
  make(file);
  const refused = { code: 'vault_key_unusable', remedy: expect.stringContaining('backup'), exit: 2 };
  expect(() => keys.all()).toThrow(expect.objectContaining(refused));
  await expect(openRuntime({ dataDir })).rejects.toMatchObject(refused);
});

test('keys that another process has put in their place are seen at the next use', () => {
  const file = join(temporaryDirectory(), 'vault.key');
  const [server, shell] = [openVaultKeys(file, ids), openVaultKeys(file, ids)];
  shell.replace(['newer', ...shell.all()]);
  expect(server.all()).toHaveLength(2);
  expect(server.all()[0]).toBe('newer');
});

test("two demos of one seed have keys and nonces of their own, and a file that is lost leaves the vault's texts unreadable", async () => {
  const [one, other] = [join(temporaryDirectory(), 'a'), join(temporaryDirectory(), 'b')];
  const first = await openDemo(one);
  const second = await openDemo(other);
  for (const { vault } of [first, second]) await vault.replace('connection/c', 'the same', { expect: 0 });
  const rows = await Promise.all([first, second].map(({ state }) => state.get('sealed', 'connection/c')));
  expect(rows[0]?.value).not.toEqual(rows[1]?.value);
  expect(readFileSync(join(one, 'vault.key'), 'utf8')).not.toBe(readFileSync(join(other, 'vault.key'), 'utf8'));
  rmSync(join(one, 'vault.key'));
  await expect(first.vault.read('connection/c')).rejects.toMatchObject({ code: 'vault_unreadable' });
});
