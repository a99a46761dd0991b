import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFsObjects } from '../../../ports/objects/fs.ts';
import { createMemoryObjects } from '../../../ports/objects/memory.ts';
import type { Objects } from '../../../ports/objects/objects.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const segment = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '0', 'A'), minLength: 1, maxLength: 3 });
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const tame = key.filter((text) => !text.split('/').some((part) => part === '.' || part === '..'));

async function listed(objects: Objects, prefix: string, after: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const found of objects.list(prefix, { after })) keys.push(found.key);
  return keys;
}

test('a walk through folders lists the same keys in the same order as sorting all of them', async () => {
  const base = temporaryDirectory();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(tame, { maxLength: 12 }), tame, fc.nat(5), tame, async (keys, like, cut, after) => {
      const root = join(base, String((run += 1)));
      const [fs, memory] = [createFsObjects({ root }), createMemoryObjects()];
      for (const one of keys) {
        // A key inside another one is impossible on a file system: only what it takes is compared.
        const taken = await fs.putIfAbsent(one, new Uint8Array()).catch(() => undefined);
        if (taken) await memory.putIfAbsent(one, new Uint8Array());
      }
      for (const [prefix, from] of [
        ['', ''],
        ['', after],
        [like.slice(0, cut), ''],
        [like.slice(0, cut), after],
      ] as const) {
        expect(await listed(fs, prefix, from)).toEqual(await listed(memory, prefix, from));
      }
    }),
    { numRuns: 40, seed: 20261120 },
  );
});

test('a folder of many objects between folders keeps the order', async () => {
  const objects = createFsObjects({ root: temporaryDirectory() });
  // 300 files (more than two portions of sizes) with a folder sorting among them.
  const names = Array.from({ length: 300 }, (_, number) => `raw/k-${String(number).padStart(3, '0')}`);
  const keys = [...names.slice(0, 150), 'raw/k-149x/inner', ...names.slice(150)];
  for (const one of keys.toReversed()) await objects.putIfAbsent(one, new Uint8Array(1));
  expect(await listed(objects, 'raw/', '')).toEqual(keys);
});
