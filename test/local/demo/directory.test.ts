import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareDirectory } from '../../../local/demo/directory.ts';
import { startChild } from '../../support/child.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const CHILD = new URL('held.child.ts', import.meta.url);

/** A demo's directory that another process serves in a time of its own. */
async function openServed(nowMs: number) {
  const directory = temporaryDirectory();
  await prepareDirectory(directory);
  writeFileSync(join(directory, 'vault.key'), 'made up');
  const child = startChild(CHILD, [join(directory, 'state.db'), String(nowMs)]);
  expect(await child.line()).toBe('held');
  return { directory, child, isEmptied: () => !existsSync(join(directory, 'vault.key')) };
}

test.each([
  ['years ago', Date.UTC(2020, 0, 1)],
  ['in years', Date.UTC(2090, 0, 1)],
])(
  'whether another demo runs is not asked of a clock: one that plays %s keeps its directory while it lives, and no longer',
  async (_, nowMs) => {
    const { directory, child, isEmptied } = await openServed(nowMs);
    await expect(prepareDirectory(directory)).rejects.toMatchObject({ code: 'already_serving', exit: 2 });
    expect(isEmptied()).toBe(false);
    await child.kill();
    await prepareDirectory(directory);
    expect(isEmptied()).toBe(true);
  },
);
