import { expect, test } from 'vitest';
import { dropRefused } from '../../app/refused.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { keysOf } from '../support/door.ts';

test('what was refused goes after seven whole days, and nothing else does', async () => {
  const objects = createMemoryObjects();
  const keys = [
    'raw/2026-11-01/garmin/a_x/dailies-1.json',
    'refused/2026-11-12/garmin/1',
    'refused/2026-11-13/apple/2',
    'refused/2026-11-14/garmin/3',
    'refused/2026-11-21/garmin/4',
    'uploads/2026-11-01/myfitnesspal/a_x/1-a.csv',
  ];
  for (const key of keys) await objects.putIfAbsent(key, new Uint8Array());
  const runtime = { objects, clock: createFixedClock(Date.parse('2026-11-21T00:00:00Z')) };
  expect(await dropRefused(runtime)).toBe(2);
  expect(await keysOf(objects)).toEqual(keys.filter((key) => !/-1[23]\//.test(key)));
  expect(await dropRefused(runtime)).toBe(0);
});
