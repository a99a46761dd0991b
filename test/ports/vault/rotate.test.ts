import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFixedClock } from '../../../ports/clock/fixed.ts';
import { createRandomIds } from '../../../ports/ids/random.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';
import { rotateVaultKey } from '../../../ports/vault/rotate.ts';
import { createSealedVault } from '../../../ports/vault/sealed.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { memoryKeys } from '../../support/vault.ts';

const IDS = Array.from({ length: 8 }, (_, n) => `connection/c_${n}`);
const ids = createRandomIds();

async function open() {
  const clock = createFixedClock(0);
  const state = createLibsqlState({ file: join(temporaryDirectory(), 'state.db'), clock });
  onTestFinished(() => state.close());
  const keys = memoryKeys();
  const vault = createSealedVault({ state, keys, ids });
  for (const id of IDS) await vault.replace(id, `text of ${id}`, { expect: 0 });
  return { state, keys, vault, clock };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function expectAllReadable({ state, keys }: Pick<Opened, 'state' | 'keys'>): Promise<void> {
  const fresh = createSealedVault({ state, keys, ids });
  for (const id of IDS) expect(await fresh.read(id)).toEqual({ text: `text of ${id}`, generation: 1 });
}

test('another key seals everything anew, the generations stay, and the old key opens nothing any more', async () => {
  const opened = await open();
  const before = opened.keys.all();
  expect(await rotateVaultKey({ ...opened, ids })).toBe(IDS.length);
  expect(opened.keys.all()).toHaveLength(1);
  expect(opened.keys.all()).not.toEqual(before);
  await expectAllReadable(opened);
  const old = createSealedVault({ state: opened.state, keys: { ...opened.keys, all: () => before }, ids });
  await expect(old.read('connection/c_0')).rejects.toMatchObject({ code: 'vault_unreadable' });
});

test('what no key opens stays as it is and keeps nobody from changing the key of the others', async () => {
  const opened = await open();
  const lost = createSealedVault({ state: opened.state, keys: memoryKeys(), ids });
  await lost.replace('client/old', 'sealed with a key that was lost', { expect: 0 });
  await opened.state.put('sealed', 'client/damaged', 'nonsense');
  expect(await rotateVaultKey({ ...opened, ids })).toBe(IDS.length);
  expect(opened.keys.all()).toHaveLength(1);
  await expectAllReadable(opened);
  expect(await lost.read('client/old')).toMatchObject({ generation: 1 });
});

test('cut short before or after any of its writes, everything stays readable and the next call finishes', async () => {
  const died = new Error('the process ends here');
  // Writes of a whole change: the new key, eight rows, the old key given up; each may fail before or after it is done.
  for (let fatal = 0; fatal < 2 * (IDS.length + 2); fatal += 1) {
    const opened = await open();
    let met = -1;
    const die = (): void => {
      met += 1;
      if (met === fatal) throw died;
    };
    const cut = {
      keys: {
        all: () => opened.keys.all(),
        replace(next: readonly string[]) {
          die();
          opened.keys.replace(next);
          die();
        },
      },
      state: {
        ...opened.state,
        async put(...put: Parameters<typeof opened.state.put>) {
          die();
          const result = await opened.state.put(...put);
          die();
          return result;
        },
      },
      ids,
    };
    await expect(rotateVaultKey(cut), `write ${fatal}`).rejects.toBe(died);
    await expectAllReadable(opened);
    await rotateVaultKey({ ...opened, ids });
    expect(opened.keys.all(), `write ${fatal}`).toHaveLength(1);
    await expectAllReadable(opened);
  }
});

test('a text written while the key changes is readable afterwards, whichever key its writer had read', async () => {
  const { state, keys, vault } = await open();
  let isChanged = false;
  // The writer has taken the old key; the whole change happens before its row is written.
  const slow = {
    ...state,
    async put(...put: Parameters<typeof state.put>) {
      if (!isChanged) {
        isChanged = true;
        await rotateVaultKey({ state, keys, ids });
      }
      return state.put(...put);
    },
  };
  const writer = createSealedVault({ state: slow, keys, ids });
  expect(await writer.replace('connection/new', 'late', { expect: 0 })).toEqual({ ok: true, generation: 1 });
  expect(await vault.read('connection/new')).toEqual({ text: 'late', generation: 1 });
  isChanged = false;
  expect(await writer.replace('connection/c_0', 'later', { expect: 1 })).toEqual({ ok: true, generation: 2 });
  expect(await vault.read('connection/c_0')).toEqual({ text: 'later', generation: 2 });
});

test('two changes at once are refused, not mixed', async () => {
  const opened = await open();
  const held = await opened.state.acquire('vault-key', { ttlMs: 1000 });
  await expect(rotateVaultKey({ ...opened, ids })).rejects.toMatchObject({ code: 'vault_busy' });
  if (held.ok) await held.lease.release();
  await rotateVaultKey({ ...opened, ids });
  await expectAllReadable(opened);
});
