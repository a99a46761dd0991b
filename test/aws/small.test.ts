import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { takenLine } from '../../ports/engine/run.ts';
import { playedObjects, recordedObjects } from '../spark/corpus.ts';
import { localTables } from '../spark/twin.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { openSmall } from '../support/small.ts';
import { MODELS } from '../support/transform.ts';

const takenLines = z.array(takenLine);
const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('the small engine over S3 and the Glue catalog', () => {
  let moto: Moto;
  const directory = makeDirectory();
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(async () => {
    await moto.stop();
    removeDirectory(directory);
  });

  test('makes of recorded and played objects, in two batches, what the local engine makes of them, and then rests', async () => {
    const objects = [...recordedObjects(), ...(await playedObjects(path.join(directory, 'demo')))];
    const batch = { batchId: 'b', now: NOW };
    const local = await localTables(path.join(directory, 'lake'), objects, batch, { ours: false });
    const clock = createFixedClock(NOW);
    const small = await openSmall(moto.connection, { clock, models: MODELS });
    // What corrects, and what takes back, comes before what it is about as often as after.
    const half = objects.filter((_, at) => at % 2 === 0);
    const told = new Map<string, string>();
    for (const some of [objects.filter((_, at) => at % 2 === 1), half]) {
      await small.store(some);
      // A week later all dates are looked through: these objects bear dates of long ago.
      clock.advance(8 * 86_400_000);
      const record = await small.run();
      const lines = takenLines.parse(await small.lines(record?.batch_id ?? '', 'taken.ndjson'));
      expect(record).toMatchObject({ objects: lines.length });
      // Its own objects, and those of before that waited for a fact of this batch, which says whose they are.
      const keys = new Set(lines.map(({ key }) => key));
      expect(some.filter(({ key }) => !keys.has(key))).toEqual([]);
      const again = lines.filter(({ key }) => told.has(key));
      expect(again.filter(({ key, intake }) => told.get(key) !== 'unread' || intake !== 'read')).toEqual([]);
      expect(lines).toHaveLength(some.length + again.length);
      for (const { key, intake } of lines) told.set(key, intake);
    }
    const made = await small.tables();
    for (const [name, rows] of Object.entries(local)) expect(made[name], name).toEqual(rows);
    expect(made['daily_metrics']?.length).toBeGreaterThan(150);
    const [snapshots, keys] = [await small.snapshots(), await small.place.list('')];
    expect(await small.run()).toBeUndefined();
    expect([await small.snapshots(), await small.place.list('')]).toEqual([snapshots, keys]);
    expect(small.events).toHaveLength(2);
  }, 900_000);
});
