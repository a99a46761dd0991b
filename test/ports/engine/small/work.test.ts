import { expect, test } from 'vitest';
import { findWork, isNewPeriod, portionsOf } from '../../../../ports/engine/small/work.ts';
import { limited } from '../../../../ports/engine/small/limits.ts';
import { createMemoryObjects } from '../../../../ports/objects/memory.ts';

const DAY = 86_400_000;
// A Saturday; weeks since 1970 begin on Thursdays.
const NOW = Date.parse('2026-11-21T12:00:00Z');

async function raw(...keys: readonly string[]) {
  const objects = createMemoryObjects();
  for (const key of keys) await objects.putIfAbsent(key, new Uint8Array(1));
  return objects;
}

const found = async (
  objects: Awaited<ReturnType<typeof raw>>,
  known: readonly string[],
  finishedMs: number | undefined,
  by = 'v',
) => {
  const past = { known: new Map(known.map((key) => [key, by])), finishedMs, modelVersion: 'm' };
  const { fresh, gone } = await findWork(objects, past, 'v', NOW);
  return { fresh: fresh.map(({ key }) => key), gone };
};

const [OLD, LATE, NEW] = ['raw/2026-10-01/p/a/x.json', 'raw/2026-10-02/p/a/y.json', 'raw/2026-11-20/p/a/z.json'];

test('dates before the last batch are looked through when nothing recent is found, and at the begin of a week', async () => {
  const objects = await raw(OLD, LATE, NEW);
  expect(await found(objects, [OLD], undefined)).toEqual({ fresh: [LATE, NEW], gone: [] });
  expect(await found(objects, [OLD], NOW - 3_600_000)).toEqual({ fresh: [NEW], gone: [] });
  expect(await found(objects, [OLD, NEW], NOW - 3_600_000)).toEqual({ fresh: [LATE], gone: [] });
  expect(await found(objects, [OLD], NOW - 3 * DAY)).toEqual({ fresh: [LATE, NEW], gone: [] });
});

test('what is no more is found where it is looked for, and what other lines read is read again', async () => {
  const objects = await raw(OLD, NEW);
  expect(await found(objects, [OLD, LATE], NOW - 3_600_000)).toEqual({ fresh: [NEW], gone: [] });
  expect(await found(objects, [OLD, LATE, NEW], NOW - 3_600_000)).toEqual({ fresh: [], gone: [LATE] });
  expect(await found(objects, [OLD, NEW], NOW - 3_600_000, 'older')).toEqual({ fresh: [OLD, NEW], gone: [] });
});

test('portions hold so many objects and bytes, and one of nothing is there for nothing', () => {
  const listed = [40, 40, 40, 200, 1].map((bytes, at) => ({ key: `raw/${at}`, bytes }));
  // 40 + 40 fit into 100 bytes; one larger than that is alone.
  expect(portionsOf(listed, { objects: 9, bytes: 100 }).map((part) => part.length)).toEqual([2, 1, 1, 1]);
  expect(portionsOf(listed, { objects: 2, bytes: 1000 }).map((part) => part.length)).toEqual([2, 2, 1]);
  expect(portionsOf([], { objects: 2, bytes: 100 })).toEqual([[]]);
});

test('a period begins where its number changes', () => {
  expect(isNewPeriod(NOW - 3 * DAY, NOW, 7 * DAY)).toBe(true);
  expect(isNewPeriod(NOW - DAY, NOW, 7 * DAY)).toBe(false);
});

test.each([
  ['Out of Memory Error: could not allocate block', 'too_large_for_small'],
  ['INTERRUPT Error: Interrupted!', 'too_large_for_small'],
  ['Invalid string length', 'too_large_for_small'],
  ['Cannot create a string longer than 0x1fffffe8 characters', 'too_large_for_small'],
])('%s is told as %s, also as a cause', (words, code) => {
  expect(limited(new Error(words))).toMatchObject({ code, remedy: expect.stringContaining('engine spark') });
  expect(limited(new Error('the model x failed', { cause: new Error(words) }))).toMatchObject({ code });
  const other = new Error('Binder Error: no such column');
  expect(limited(other)).toBe(other);
});
