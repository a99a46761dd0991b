import { expect, test } from 'vitest';
import { disconnect, link } from '../../app/connections.ts';
import { importFiles } from '../../app/import.ts';
import { addUser } from '../../app/people.ts';
import { status } from '../../app/status.ts';
import { transform } from '../../app/transform.ts';
import { openRuntime } from '../../local/runtime.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { bytes } from '../support/desk.ts';
import { RECEIVED_AT } from '../support/door.ts';

test('each connection says what came last, and what is wrong and what to do where something is', async () => {
  const dataDir = temporaryDirectory();
  const runtime = await openRuntime({ dataDir, zone: 'Europe/Paris', clock: createFixedClock(RECEIVED_AT) });
  const anna = await addUser(runtime, { name: 'Anna', units: 'metric' });
  const ben = await addUser(runtime, { name: 'Ben' });
  expect(await status(runtime)).toEqual([]);
  await link(runtime, { provider: 'apple', user: anna });
  await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
  await link(runtime, { provider: 'garmin', user: ben, externalId: 'g2' });
  await disconnect(runtime, { provider: 'garmin', user: ben });
  const weights = bytes('Date,Weight\n2026-01-05,80.5\n2026-01-08,80.1\n');
  await importFiles(runtime, { provider: 'myfitnesspal', user: anna, files: [{ name: 'w.csv', bytes: weights }] });
  // An exercise file is stored, and refused until its reader is built.
  const exercise = bytes('Date,Exercise\n2026-01-05,Walking\n');
  const other = { provider: 'myfitnesspal', externalId: 'other' };
  await importFiles(runtime, { ...other, user: anna, files: [{ name: 'e.csv', bytes: exercise }] });

  const before = await status(runtime, anna.user_id);
  expect(before.every((row) => row.last_delivery === null && row.problem === 'Nothing of it is published yet.')).toBe(
    true,
  );
  await transform(runtime);

  const rows = await status(runtime, anna.user_id);
  const base = { user_id: anna.user_id, state: 'active', scopes: [], missing_scopes: [], last_fetch: null };
  expect(rows).toMatchObject([
    { ...base, provider: 'apple', last_delivery: null, remedy: expect.stringContaining('Health Auto Export') },
    { ...base, provider: 'garmin', last_delivery: null, remedy: expect.stringContaining('wellspring urls garmin') },
    { ...base, provider: 'myfitnesspal', last_data_day: '2026-01-08', problem: null, remedy: null },
    { ...base, provider: 'myfitnesspal', last_data_day: null, remedy: expect.stringContaining('quarantine') },
  ]);
  const [, , weighed] = rows;
  expect(Date.parse(weighed?.last_delivery ?? '')).toBe(RECEIVED_AT);
  expect(await status(runtime, ben.user_id)).toMatchObject([
    { state: 'disconnected', remedy: expect.stringContaining('wellspring link garmin') },
  ]);
  await runtime.close();
});
