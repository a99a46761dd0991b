import { assert, asyncProperty, constantFrom, integer, stringMatching, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, readPage, type PageRequest, type RowSource } from '../../../app/api/page.ts';

/** Rows of people as `[user, key]`, ascending. */
const sourceOf = (rows: readonly (readonly [string, string])[]): RowSource => {
  return async ({ userId, after, limit }) =>
    rows
      .filter(([user, key]) => user === userId && key > after)
      .slice(0, limit)
      .map(([user, key]) => ({ key, row: { user, key } }));
};

const request = (users: readonly string[], limit: number): PageRequest => ({
  users,
  from: '0001-01-01',
  to: '9999-12-31',
  limit,
});

test('following the cursors gives every row once, in order, whatever the page size', async () => {
  const people = uniqueArray(constantFrom('u_a', 'u_b', 'u_c', 'u_d'), { maxLength: 4 });
  const keys = uniqueArray(stringMatching(/^[a-z0-9|]{1,4}$/), { maxLength: 8 });
  await assert(
    asyncProperty(people, keys, integer({ min: 1, max: 6 }), async (users, some, limit) => {
      const rows = users.toSorted().flatMap((user) => some.toSorted().map((key) => [user, key] as const));
      const source = sourceOf(rows);
      const seen: unknown[] = [];
      let cursor: string | null | undefined;
      do {
        const asked = request(users.toSorted(), limit);
        const page = await readPage(source, cursor ? { ...asked, cursor } : asked);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ user, key }) => [user, key]));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(seen).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});

test('a last page that is exactly full has no next one', async () => {
  const page = await readPage(
    sourceOf([
      ['u_a', '1'],
      ['u_b', '1'],
    ]),
    request(['u_a', 'u_b'], 2),
  );
  expect(page).toEqual({
    items: [
      { user: 'u_a', key: '1' },
      { user: 'u_b', key: '1' },
    ],
    next_cursor: null,
  });
});

test('a row that appears before the place already reached shifts nothing', async () => {
  const rows: [string, string][] = [
    ['u_a', '2'],
    ['u_a', '4'],
  ];
  const first = await readPage(sourceOf(rows), request(['u_a'], 1));
  rows.unshift(['u_a', '1']);
  const next = await readPage(sourceOf(rows), { ...request(['u_a'], 1), cursor: first.next_cursor ?? '' });
  expect(next.items).toEqual([{ user: 'u_a', key: '4' }]);
});

test.each(['', 'x', 'bnVsbA', Buffer.from('[1,2]').toString('base64url'), Buffer.from('["a"]').toString('base64url')])(
  '%o is no cursor of ours',
  (cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  },
);
