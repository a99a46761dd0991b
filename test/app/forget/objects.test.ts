import { expect, test } from 'vitest';
import { deleteObjects } from '../../../app/forget/objects.ts';
import { createMemoryObjects } from '../../../ports/objects/memory.ts';

const named = (place: string, times: number) => Array.from({ length: times }, (_, n) => `${place}/k${n}`);

test('objects go many at once, and files only before the objects that name them', async () => {
  const objects = createMemoryObjects();
  const theirs = { raw: named('raw', 40), uploads: named('uploads', 3), refused: named('refused', 2), hashes: [] };
  const [open, seen, most] = [new Set<string>(), new Array<string>(), { open: 0 }];
  const slow: typeof objects = {
    ...objects,
    async delete(key) {
      open.add(key);
      most.open = Math.max(most.open, open.size);
      if (key.startsWith('raw/')) expect([...open].filter((other) => !other.startsWith('raw/'))).toEqual([]);
      await new Promise((resolve) => setImmediate(resolve));
      open.delete(key);
      seen.push(key);
    },
  };
  await deleteObjects({ objects: slow }, theirs);
  expect(seen.toSorted()).toEqual([...theirs.raw, ...theirs.uploads, ...theirs.refused].toSorted());
  expect(most.open).toBe(16);
});

test('one that cannot be deleted is an error, and no object is deleted whose file is still there', async () => {
  const objects = createMemoryObjects();
  const deleted: string[] = [];
  const failure = new Error('SlowDown');
  const failing: typeof objects = {
    ...objects,
    delete: async (key) => (key === 'uploads/b' ? Promise.reject(failure) : void deleted.push(key)),
  };
  const theirs = { raw: ['raw/a'], uploads: ['uploads/a', 'uploads/b'], refused: [], hashes: [] };
  await expect(deleteObjects({ objects: failing }, theirs)).rejects.toBe(failure);
  expect(deleted).toEqual(['uploads/a']);
});
