import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFsObjects } from '../../ports/objects/fs.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { objectsContract } from './objects.ts';

const bytes = new TextEncoder().encode('{}');

objectsContract(
  'fs',
  () => createFsObjects({ root: join(temporaryDirectory(), 'data') }),
  () => {
    test('the key is the path below the root, and no temporary file is left', async () => {
      const root = temporaryDirectory();
      await createFsObjects({ root }).putIfAbsent('raw/2026-11-20/garmin/a_x/d-1.json', bytes);
      expect(readFileSync(join(root, 'raw/2026-11-20/garmin/a_x/d-1.json'), 'utf8')).toBe('{}');
      expect(readdirSync(join(root, '.tmp'))).toEqual([]);
    });

    test('objects are found again by a new driver on the same root', async () => {
      const root = temporaryDirectory();
      await createFsObjects({ root }).putIfAbsent('raw/k', bytes);
      expect(await createFsObjects({ root }).putIfAbsent('raw/k', bytes)).toBe('duplicate');
      expect(await createFsObjects({ root }).get('raw/k')).toBeDefined();
    });

    test('a symbolic link below the root is neither followed, listed, replaced nor removed', async () => {
      const root = temporaryDirectory();
      const outside = temporaryDirectory();
      writeFileSync(join(outside, 'secret'), 'x');
      mkdirSync(join(root, 'raw'));
      symlinkSync(outside, join(root, 'raw', 'out'));
      symlinkSync(join(outside, 'secret'), join(root, 'raw', 'file'));
      const objects = createFsObjects({ root });
      expect(await objects.get('raw/out/secret')).toBeUndefined();
      expect(await objects.get('raw/file')).toBeUndefined();
      await expect(objects.putIfAbsent('raw/out/new', bytes)).rejects.toMatchObject({ code: 'key_conflict' });
      await expect(objects.putIfAbsent('raw/file', bytes)).rejects.toMatchObject({ code: 'key_conflict' });
      await objects.delete('raw/out/secret');
      await objects.delete('raw/file');
      for await (const found of objects.list('')) expect.unreachable(found.key);
      for await (const found of objects.list('raw/out/')) expect.unreachable(found.key);
      expect(readdirSync(outside)).toEqual(['secret']);
      expect(existsSync(join(root, 'raw', 'file'))).toBe(true);
    });

    test('a key in the place of a folder is a conflict, never a false duplicate', async () => {
      const objects = createFsObjects({ root: temporaryDirectory() });
      await objects.putIfAbsent('raw/a/b', bytes);
      await objects.putIfAbsent('raw/c', bytes);
      await expect(objects.putIfAbsent('raw/a', bytes)).rejects.toMatchObject({ code: 'key_conflict' });
      await expect(objects.putIfAbsent('raw/c/d', bytes)).rejects.toMatchObject({ code: 'key_conflict' });
    });

    test('the folder of temporary files is no key and is not listed', async () => {
      const root = temporaryDirectory();
      const objects = createFsObjects({ root });
      mkdirSync(join(root, '.tmp'));
      writeFileSync(join(root, '.tmp', 'x'), 'half');
      for await (const found of objects.list('')) expect.unreachable(found.key);
      await expect(objects.putIfAbsent('.tmp/x', bytes)).rejects.toMatchObject({ code: 'invalid_key' });
    });

    test('a root that is itself a symbolic link is used', async () => {
      const real = temporaryDirectory();
      const link = join(temporaryDirectory(), 'data');
      symlinkSync(real, link);
      const objects = createFsObjects({ root: link });
      expect(await objects.putIfAbsent('raw/k', bytes)).toBe('stored');
      expect(await objects.get('raw/k')).toBeDefined();
      expect(existsSync(join(real, 'raw', 'k'))).toBe(true);
    });
  },
);
