import { describe, expect, test } from 'vitest';
import type { Objects } from '../../ports/objects/objects.ts';

type MakeObjects = () => Objects | Promise<Objects>;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string | undefined =>
  found === undefined ? undefined : new TextDecoder().decode(found);

async function keysOf(objects: Objects, prefix: string, after?: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix, after === undefined ? {} : { after })) keys.push(key);
  return keys;
}

/** What every driver of the objects port must do; `additional` registers the driver's own tests in the same group. */
export function objectsContract(name: string, makeObjects: MakeObjects, additional?: () => void): void {
  describe(`objects: ${name}`, () => {
    test('the first put of a key is stored and its bytes come back as they were', async () => {
      const objects = await makeObjects();
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      expect(await objects.putIfAbsent('raw/2026-11-20/garmin/a_x/dailies-1.json', all)).toBe('stored');
      expect(Uint8Array.from((await objects.get('raw/2026-11-20/garmin/a_x/dailies-1.json')) ?? [])).toEqual(all);
    });

    test('a second put of a key is a duplicate and never changes its bytes', async () => {
      const objects = await makeObjects();
      await objects.putIfAbsent('raw/k', bytes('first'));
      expect(await objects.putIfAbsent('raw/k', bytes('second'))).toBe('duplicate');
      expect(text(await objects.get('raw/k'))).toBe('first');
    });

    test('of 32 identical puts at once exactly one is stored', async () => {
      const objects = await makeObjects();
      const outcomes = await Promise.all(Array.from({ length: 32 }, () => objects.putIfAbsent('raw/k', bytes('same'))));
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(31);
    });

    test('an empty object is an object', async () => {
      const objects = await makeObjects();
      await objects.putIfAbsent('raw/empty', new Uint8Array());
      expect(text(await objects.get('raw/empty'))).toBe('');
    });

    test('what the caller does to its bytes afterwards does not reach the object', async () => {
      const objects = await makeObjects();
      const mine = bytes('abc');
      await objects.putIfAbsent('raw/k', mine);
      mine.fill(0);
      expect(text(await objects.get('raw/k'))).toBe('abc');
    });

    test('a key nobody has put gives nothing, also when it is the folder of others', async () => {
      const objects = await makeObjects();
      await objects.putIfAbsent('raw/a/b', bytes('x'));
      expect(await objects.get('raw/none')).toBeUndefined();
      expect(await objects.get('raw/a')).toBeUndefined();
      expect(await objects.get('raw/a/b/c')).toBeUndefined();
    });

    test('a deleted key is gone, may be deleted again and can be put anew', async () => {
      const objects = await makeObjects();
      await objects.putIfAbsent('raw/k', bytes('old'));
      await objects.delete('raw/k');
      await objects.delete('raw/k');
      await objects.delete('raw/never/was');
      expect(await objects.get('raw/k')).toBeUndefined();
      expect(await keysOf(objects, '')).toEqual([]);
      expect(await objects.putIfAbsent('raw/k', bytes('new'))).toBe('stored');
    });

    test('keys are listed in ascending byte order of the whole key, with their sizes', async () => {
      const objects = await makeObjects();
      // By byte: '+' 2b, '-' 2d, '.' 2e, '/' 2f, '0' 30, '=' 3d, '@' 40, 'A' 41, '_' 5f, 'a' 61.
      const sorted = ['r/a+', 'r/a-b', 'r/a.json', 'r/a/x', 'r/a0', 'r/a=', 'r/a@', 'r/aA/y', 'r/a_', 'r/aa'];
      for (const key of sorted.toReversed()) await objects.putIfAbsent(key, bytes(key));
      expect(await keysOf(objects, '')).toEqual(sorted);
      for await (const { key, bytes: size } of objects.list('r/')) expect(size).toBe(key.length);
    });

    test('a prefix may end in the middle of a segment', async () => {
      const objects = await makeObjects();
      const keys = [
        'raw/2026-11-19/g/a',
        'raw/2026-11-20/g/a',
        'raw/2026-11-20/w/a',
        'raw/2026-12-01/g/a',
        'refused/x',
      ];
      for (const key of keys) await objects.putIfAbsent(key, bytes('x'));
      expect(await keysOf(objects, 'raw/2026-11')).toEqual(keys.slice(0, 3));
      expect(await keysOf(objects, 'raw/2026-11-20/')).toEqual(keys.slice(1, 3));
      expect(await keysOf(objects, 'r')).toEqual(keys);
      expect(await keysOf(objects, 'raw/2026-11-20/g/a')).toEqual([keys[1]]);
      expect(await keysOf(objects, 'nothing/here/')).toEqual([]);
    });

    test('a listing goes on behind any key, whether it exists or not', async () => {
      const objects = await makeObjects();
      const keys = ['raw/a/1', 'raw/a/2', 'raw/b', 'raw/b0', 'raw/c/1'];
      for (const key of keys) await objects.putIfAbsent(key, bytes('x'));
      expect(await keysOf(objects, '', 'raw/a/1')).toEqual(keys.slice(1));
      expect(await keysOf(objects, 'raw/', 'raw/a/15')).toEqual(keys.slice(1));
      expect(await keysOf(objects, 'raw/', 'raw/a/~')).toEqual(keys.slice(2));
      expect(await keysOf(objects, 'raw/', 'raw/b')).toEqual(keys.slice(3));
      expect(await keysOf(objects, '', 'raw/c/1')).toEqual([]);
      expect(await keysOf(objects, 'raw/', 'a')).toEqual(keys);
    });

    const untame = {
      empty: '',
      'a slash': '/',
      'an empty segment': 'a//b',
      absolute: '/a',
      'ending in a slash': 'a/',
      dot: '.',
      'two dots': '..',
      'two dots inside': 'a/../b',
      'a leading dot segment': './a',
      backslash: 'a\\b',
      space: 'a b',
      'a zero byte': 'a\u0000',
      'not ASCII': 'ä',
      escaped: 'a%2fb',
      'a line break': 'a\n',
      'a segment of 256 characters': 'a'.repeat(256),
      'a key of 1,025 characters': 'a/'.repeat(512) + 'a',
    };
    test.each(Object.entries(untame))('a key that is not tame is refused and touches nothing: %s', async (_, key) => {
      const objects = await makeObjects();
      await expect(objects.putIfAbsent(key, bytes('x'))).rejects.toMatchObject({ code: 'invalid_key' });
      await expect(objects.get(key)).rejects.toMatchObject({ code: 'invalid_key' });
      await expect(objects.delete(key)).rejects.toMatchObject({ code: 'invalid_key' });
      expect(await keysOf(objects, '')).toEqual([]);
    });

    test.each(['../', 'raw/../', 'a//', '/', 'raw/\u0000'])(
      'a prefix that leads elsewhere is refused: %j',
      async (prefix) => {
        const objects = await makeObjects();
        await expect(keysOf(objects, prefix)).rejects.toMatchObject({ code: 'invalid_key' });
      },
    );

    additional?.();
  });
}
