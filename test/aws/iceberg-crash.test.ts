import { expect, test } from 'vitest';
import { onAws } from '../support/aws.ts';
import { DAYS, fileAt, type Iceberg, loadedOf, openIceberg, seen } from '../support/iceberg.ts';

/** A storage and pointers whose process ends at one of their calls, before or after it has done its work. */
function dyingAt({ storage, pointers }: Iceberg, call: number, when: 'before' | 'after') {
  let calls = 0;
  const dying = async (work: () => Promise<void>): Promise<void> => {
    calls += 1;
    if (calls === call && when === 'before') throw new Error('killed');
    await work();
    if (calls === call) throw new Error('killed');
  };
  return {
    storage: { ...storage, write: (at: string, bytes: Uint8Array) => dying(() => storage.write(at, bytes)) },
    pointers: {
      ...pointers,
      turn: (...words: Parameters<typeof pointers.turn>) => dying(() => pointers.turn(...words)),
    },
  };
}

const killed = () => Promise.reject(new Error('killed'));

onAws((aws) => {
  // Four calls that change something: manifest, list, metadata, pointer.
  test.each([1, 2, 3, 4].flatMap((call) => (['before', 'after'] as const).map((when) => [when, call] as const)))(
    'a writer killed %s its call %i leaves the old table or the new one',
    async (when, call) => {
      const lake = await openIceberg(aws.connection);
      const empty = await lake.catalog.create(DAYS);
      const old = await fileAt(lake, lake.catalog, empty, 682);
      await lake.catalog.commit(empty, { removed: [], added: [old] });
      const writer = lake.other(dyingAt(lake, call, when));
      const table = await loadedOf(writer, 'days');
      const fresh = await fileAt(lake, writer, table, 682, 11);
      await expect(writer.commit(table, { removed: [old], added: [fresh] })).rejects.toThrow('killed');
      const isDone = call === 4 && when === 'after';
      expect(await seen(lake.other(), 'days')).toEqual([isDone ? fresh.path : old.path]);
      // The next one goes on from there, and what the dead one left is swept.
      const next = await loadedOf(lake.catalog, 'days');
      const better = await fileAt(lake, lake.catalog, next, 682, 12);
      const healed = await lake.catalog.commit(next, { removed: await lake.catalog.files(next), added: [better] });
      expect(await seen(lake.other(), 'days')).toEqual([better.path]);
      await lake.catalog.sweep(healed, Date.now() + 60_000);
      expect(await seen(lake.other(), 'days')).toEqual([better.path]);
      const dead = isDone ? [] : [fresh.path];
      expect((await lake.addresses()).filter((one) => dead.includes(one))).toEqual([]);
    },
  );

  test('a table whose maker died before it was in the catalog is made by the next', async () => {
    const lake = await openIceberg(aws.connection);
    await expect(lake.other({ pointers: { ...lake.pointers, create: killed } }).create(DAYS)).rejects.toThrow('killed');
    expect(await lake.catalog.load('days')).toBeUndefined();
    expect((await lake.catalog.create(DAYS)).name).toBe('days');
  });

  test('of two who make a table at once both have the same one', async () => {
    const lake = await openIceberg(aws.connection);
    const made = await Promise.all([lake.other().create(DAYS), lake.other().create(DAYS)]);
    expect(made[0]).toEqual(made[1]);
    expect(await lake.catalog.names()).toEqual(['days']);
  });
});
