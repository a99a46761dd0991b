import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listConnections, link } from '../../app/connections.ts';
import { type ImportRequest, importFiles } from '../../app/import.ts';
import { addUser } from '../../app/people.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { bytes, openDesk } from '../support/desk.ts';

const DAY_MS = 86_400_000;
const WEIGHT = 'Measurement-Summary-2024-07-02-to-2026-03-02.csv';
const WEIGHTS = readFileSync(new URL(`../fixtures/myfitnesspal/${WEIGHT}`, import.meta.url));

async function openHousehold() {
  const desk = openDesk();
  const anna = await addUser(desk.runtime, { name: 'Anna', units: 'metric' });
  const ben = await addUser(desk.runtime, { name: 'Ben' });
  desk.events.length = 0;
  const take = (name: string, content: Uint8Array | string, more: Partial<ImportRequest> = {}) =>
    importFiles(desk.runtime, {
      provider: 'myfitnesspal',
      user: anna,
      files: [{ name, bytes: typeof content === 'string' ? bytes(content) : content }],
      ...more,
    });
  const imported = async () => (await desk.raw()).filter((one) => one.attributes['receiver'] === 'import');
  return { ...desk, anna, ben, take, imported };
}

const diary = (...rows: readonly string[]): string => ['Date,Meal,Calories', ...rows, ''].join('\n');
const push = (...people: readonly string[]): string =>
  JSON.stringify({ dailies: people.map((userId) => ({ userId, calendarDate: '2026-11-19', steps: 1 })) });

describe('an export file', () => {
  test('is kept whole, and becomes one raw object a month that names it and what it covers', async () => {
    const { runtime, take, imported, keys, anna } = await openHousehold();
    // July 2024 to March 2026: 6 + 12 + 3 months.
    expect(await take(WEIGHT, WEIGHTS)).toEqual({ objects: 21, duplicates: 0, refused: [], warnings: [] });
    const account = accountOf('myfitnesspal', `file:${anna.user_id}`);
    const [upload] = await keys('uploads/');
    expect(upload).toMatch(new RegExp(`^uploads/2026-11-20/myfitnesspal/${account}/[0-9a-f]{64}-${WEIGHT}$`));
    expect(new Uint8Array((await runtime.objects.get(upload ?? '')) ?? [])).toEqual(new Uint8Array(WEIGHTS));
    const objects = await imported();
    expect(objects.every((one) => one.attributes['dataref'] === upload)).toBe(true);
    expect(new Set(objects.map((one) => one.attributes['subject']))).toEqual(new Set([account]));
    const ends = (name: string) =>
      objects.map((one) => String(one.attributes[name])).toSorted((a, b) => a.localeCompare(b));
    expect(ends('coversfrom')[0]).toBe('2024-07-02');
    expect(ends('coversto').at(-1)).toBe('2026-03-02');
    // One statement: its chunks share the delivery and are numbered.
    const deliveries = objects.map((one) => String(one.attributes['id']).split('/'));
    expect(new Set(deliveries.map(([delivery]) => delivery)).size).toBe(1);
    expect(deliveries.map(([, part]) => Number(part)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  });

  test('publishes one event for all its objects', async () => {
    const { take, events } = await openHousehold();
    await take(WEIGHT, WEIGHTS);
    // The other event is the fact that the account is Anna's.
    const types = events.map((event) => 'type' in event.detail && event.detail.type);
    expect(types).toEqual(['wellspring.connection', 'myfitnesspal.measurement']);
  });

  test('ties its account to the person, before its objects arrive', async () => {
    const { runtime, take, anna, facts, imported } = await openHousehold();
    await take(WEIGHT, WEIGHTS);
    const connection = { kind: 'file', state: 'active', external_id: `file:${anna.user_id}`, user_id: anna.user_id };
    expect(await listConnections(runtime)).toMatchObject([connection]);
    const tied = (await facts()).at(-1);
    const [object] = await imported();
    expect(tied).toMatchObject(connection);
    expect(Number(tied?.['effective_at'])).toBeLessThanOrEqual(Date.parse(String(object?.attributes['time'])));
  });

  test('imported again on a later day changes nothing and says so', async () => {
    const { take, clock, keys } = await openHousehold();
    await take(WEIGHT, WEIGHTS);
    const before = await keys();
    clock.advance(3 * DAY_MS);
    const again = await take(WEIGHT.replace('.csv', ' (1).csv'), WEIGHTS);
    expect(again).toMatchObject({ objects: 0, duplicates: 21, refused: [] });
    expect(again.warnings).toEqual([expect.stringContaining(`imported on 2026-11-20 as ${WEIGHT}; nothing changes`)]);
    expect(await keys()).toEqual(before);
  });

  test('that goes on longer adds what is new: whole months that did not change are duplicates', async () => {
    const { take, clock } = await openHousehold();
    const lines = ['2026-01-05,Lunch,500', '2026-02-05,Lunch,600'];
    await take('Nutrition-2026-01-01-to-2026-02-10.csv', diary(...lines));
    clock.advance(DAY_MS);
    const more = await take('Nutrition-2026-01-01-to-2026-02-11.csv', diary(...lines));
    // January is the same statement, February one about another range.
    expect(more).toEqual({ objects: 1, duplicates: 1, refused: [], warnings: [] });
  });

  test('older than one imported before wins, with a warning that names the newer one', async () => {
    const { take } = await openHousehold();
    await take('Nutrition-2026-01-01-to-2026-02-10.csv', diary('2026-01-05,Lunch,500'));
    const older = await take('Nutrition-2026-01-01-to-2026-01-20.csv', diary('2026-01-05,Lunch,400'));
    expect(older).toMatchObject({ objects: 1, refused: [] });
    expect(older.warnings).toEqual([expect.stringContaining('Nutrition-2026-01-01-to-2026-02-10.csv')]);
  });

  test('about other dates or other things than a newer one needs no warning', async () => {
    const { take } = await openHousehold();
    await take('Nutrition-2026-02-01-to-2026-02-10.csv', diary());
    expect((await take('Nutrition-2026-01-01-to-2026-01-20.csv', diary())).warnings).toEqual([]);
    expect((await take('Measurement-2026-02-01-to-2026-02-05.csv', 'Date,Weight\n')).warnings).toEqual([]);
  });

  test('takes its unit from the command, else from the person, and is refused without either', async () => {
    const { take, ben, imported } = await openHousehold();
    const file = ['w.csv', 'Date,Weight\n2026-01-02,180\n'] as const;
    expect((await take(...file, { user: ben })).refused).toMatchObject([{ file: 'w.csv', code: 'missing_units' }]);
    await take(...file, { user: ben, units: 'imperial' });
    await take(...file, { units: 'imperial' });
    await take(...file);
    const data = (await imported()).map((one) => JSON.stringify(one.data).slice(0, 13));
    expect(data.filter((text) => text === '{"units":"kg"')).toHaveLength(1);
    expect(data.filter((text) => text === '{"units":"lb"')).toHaveLength(2);
  });

  test('that is refused leaves nothing behind, and does not stop the others', async () => {
    const { runtime, anna, keys, imported } = await openHousehold();
    const before = (await keys()).length;
    const bad = { name: '/home/x/bad.csv', bytes: bytes('Date,Meal\n2026-01-05,Lunch\n') };
    const good = { name: 'C:\\x\\good.csv', bytes: bytes(diary('2026-01-05,Lunch,500')) };
    const request = { provider: 'myfitnesspal', user: anna };
    expect((await importFiles(runtime, { ...request, files: [bad] })).refused).toHaveLength(1);
    expect((await keys()).length).toBe(before);
    const report = await importFiles(runtime, { ...request, files: [bad, good] });
    expect(report).toMatchObject({ objects: 1, refused: [{ file: 'bad.csv', code: 'missing_column' }] });
    expect(report.refused[0]?.detail).toContain('"Calories"');
    expect(await imported()).toHaveLength(1);
  });
});

describe('a saved push', () => {
  test('belongs to the account it names, and needs no connection', async () => {
    const { runtime, take, imported } = await openHousehold();
    expect(await take('push.json', push('g1'), { provider: 'garmin' })).toMatchObject({ objects: 1, refused: [] });
    expect((await imported())[0]?.attributes).toMatchObject({
      type: 'garmin.dailies',
      subject: accountOf('garmin', 'g1'),
    });
    expect(await listConnections(runtime)).toMatchObject([{ external_id: 'g1', kind: 'file' }]);
  });

  test('keeps the link of an account that is connected already', async () => {
    const { runtime, take, anna } = await openHousehold();
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
    await take('push.json', push('g1'), { provider: 'garmin' });
    expect(await listConnections(runtime)).toMatchObject([{ external_id: 'g1', kind: 'link' }]);
  });

  test('of an account that is somebody else’s is refused', async () => {
    const { runtime, take, ben, imported } = await openHousehold();
    await link(runtime, { provider: 'garmin', user: ben, externalId: 'g1' });
    const { refused } = await take('push.json', push('g1'), { provider: 'garmin' });
    expect(refused).toMatchObject([{ file: 'push.json', code: 'subject_conflict' }]);
    expect(await imported()).toEqual([]);
  });

  test('of several accounts is refused unless one is picked, and then only theirs is taken', async () => {
    const { take, imported } = await openHousehold();
    const { refused } = await take('push.json', push('g1', 'g2'), { provider: 'garmin' });
    expect(refused).toMatchObject([{ code: 'several_accounts', detail: expect.stringContaining('g1, g2') }]);
    await take('push.json', push('g1', 'g2'), { provider: 'garmin', externalId: 'g2' });
    expect((await imported()).map((one) => one.attributes['subject'])).toEqual([accountOf('garmin', 'g2')]);
    const other = await take('push.json', push('g1', 'g2'), { provider: 'garmin', externalId: 'g3' });
    expect(other.refused).toMatchObject([{ code: 'account_not_in_file' }]);
  });

  test('keeps elements that name nobody apart from those that do', async () => {
    const { take, imported } = await openHousehold();
    const content = '{"dailies":[{"userId":"g1","steps":1},{"steps":2}]}';
    await take('push.json', content, { provider: 'garmin' });
    const subjects = new Set((await imported()).map((one) => one.attributes['subject']));
    expect(subjects).toEqual(new Set([accountOf('garmin', 'g1'), 'a_unknown']));
  });
});

test('a saved body that names no account is the person’s own file account, or the one they say', async () => {
  const { take, imported, anna } = await openHousehold();
  const body = '{"data":{"metrics":[],"workouts":[]}}';
  await take('hae.json', body, { provider: 'apple' });
  await take('hae.json', body, { provider: 'apple', externalId: 'phone' });
  const subjects = new Set((await imported()).map((one) => one.attributes['subject']));
  expect(subjects).toEqual(new Set([accountOf('apple', `file:${anna.user_id}`), accountOf('apple', 'phone')]));
});

test('an object too big for raw is refused', async () => {
  const { take } = await openHousehold();
  const big = `{"dailies":[{"userId":"g1","x":"${'x'.repeat(5_000_000)}"}]}`;
  expect((await take('push.json', big, { provider: 'garmin' })).refused).toMatchObject([{ code: 'too_large' }]);
});

test('a provider nobody knows is refused before any file is read', async () => {
  const { take } = await openHousehold();
  await expect(take('a.csv', '', { provider: 'nobody' })).rejects.toMatchObject({ code: 'unknown_provider', exit: 2 });
});
