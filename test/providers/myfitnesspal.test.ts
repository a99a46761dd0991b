import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { ImportFile, ImportResult } from '../../providers/kit/provider.ts';
import { myfitnesspal } from '../../providers/myfitnesspal.ts';
import { providerContract } from '../contract/provider.ts';
import { fixture } from '../support/fixture.ts';

const imported = async (name: string): Promise<string> => {
  const result = await myfitnesspal.import({
    name,
    bytes: Buffer.from(fixture(`myfitnesspal/${name}`)),
    units: 'metric',
  });
  return result.ok ? (result.parts[0]?.text ?? '') : expect.unreachable(result.detail);
};

providerContract(myfitnesspal, {
  types: {
    nutrition: await imported('Nutrition-Summary-2024-07-02-to-2026-03-02.csv'),
    measurement: await imported('Measurement-Summary-2024-07-02-to-2026-03-02.csv'),
    exercise: await imported('exercise.csv'),
  },
  unread: { exercise: 'kept; what its columns mean is written nowhere' },
});

const NUTRITION = 'Nutrition-Summary-2024-07-02-to-2026-03-02.csv';
const WEIGHT = 'Measurement-Summary-2024-07-02-to-2026-03-02.csv';

function recorded(name: string): Uint8Array {
  return readFileSync(new URL(`../fixtures/myfitnesspal/${name}`, import.meta.url));
}

async function read(name: string, content: Uint8Array | string, more: Partial<ImportFile> = {}): Promise<ImportResult> {
  return myfitnesspal.import({ name, bytes: typeof content === 'string' ? Buffer.from(content) : content, ...more });
}

const chunk = z.object({
  units: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  page: z.string().optional(),
  rows: z.array(z.record(z.string(), z.string())),
});

async function partsOf(...file: Parameters<typeof read>) {
  const result = await read(...file);
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.parts.map(({ text, ...part }) => ({ ...part, data: chunk.parse(JSON.parse(text)) }));
}

describe('a recorded export that states its range', () => {
  test('becomes one statement a calendar month, the months without rows too', async () => {
    const parts = await partsOf(NUTRITION, recorded(NUTRITION));
    // July 2024 to March 2026: 6 + 12 + 3 months.
    expect(parts).toHaveLength(21);
    // 78 of the 159 rows begin with 2024-07 (counted with `cut -c1-7 | uniq -c`).
    expect(parts[0]).toMatchObject({ resource: 'nutrition', coversFrom: '2024-07-02', coversTo: '2024-07-31' });
    expect(parts[0]?.data.rows).toHaveLength(78);
    expect(parts[2]).toMatchObject({ coversFrom: '2024-09-01', coversTo: '2024-09-30', data: { rows: [] } });
    expect(parts[20]).toMatchObject({ coversFrom: '2026-03-01', coversTo: '2026-03-02' });
    expect(parts.flatMap((part) => part.data.rows)).toHaveLength(159);
  });

  test('keeps every cell as it stands in the file, by column name', async () => {
    const [july] = await partsOf(NUTRITION, recorded(NUTRITION));
    // Line 2: 2024-07-02,Breakfast,518.0,29.0,…,574.5,740.0,36.7,2.1,14.1,27.6,…
    expect(july?.data.rows[0]).toMatchObject({
      Date: '2024-07-02',
      Meal: 'Breakfast',
      Calories: '518.0',
      'Fat (g)': '29.0',
      'Sodium (mg)': '574.5',
      'Carbohydrates (g)': '36.7',
      'Protein (g)': '27.6',
      Note: '',
    });
  });

  test('freezes the range into the bytes, so the same rows stated about other dates are another payload', async () => {
    const rows = 'Date,Meal,Calories\n2026-01-02,Lunch,500\n';
    const [short] = await partsOf('Nutrition-Summary-2026-01-01-to-2026-01-05.csv', rows);
    const [long] = await partsOf('Nutrition-Summary-2026-01-01-to-2026-01-09 (1).csv', rows);
    expect(short?.data).toEqual({ from: '2026-01-01', to: '2026-01-05', rows: short?.data.rows });
    expect(long?.data).toEqual({ from: '2026-01-01', to: '2026-01-09', rows: short?.data.rows });
  });

  test('with a header and no rows states that the range is empty', async () => {
    const parts = await partsOf('Nutrition-Summary-2026-01-01-to-2026-01-05.csv', 'Date,Meal,Calories\n');
    expect(parts.map((part) => part.data)).toEqual([{ from: '2026-01-01', to: '2026-01-05', rows: [] }]);
  });

  test('and holds a row outside of it is refused', async () => {
    const result = await read('Nutrition-2026-01-01-to-2026-01-05.csv', 'Date,Meal,Calories\n2026-01-06,Lunch,5\n');
    expect(result).toMatchObject({ ok: false, code: 'outside_range', detail: expect.stringContaining('Line 2') });
  });

  test.each(['2026-02-01-to-2026-01-01', '2026-02-30-to-2026-03-01', '0001-01-01-to-9999-12-31'])(
    'from %s is refused',
    async (range) => {
      expect(await read(`x-${range}.csv`, 'Date,Weight\n')).toMatchObject({ ok: false, code: 'bad_range' });
    },
  );
});

describe('an export without a range in its name', () => {
  test('covers exactly the dates it holds, and keeps identical rows, blank times and thousands separators', async () => {
    const parts = await partsOf('times-nutrition.csv', recorded('times-nutrition.csv'));
    expect(parts.map((part) => [part.coversFrom, part.coversTo, part.data.from])).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ]);
    const [january, february] = parts.map((part) => part.data.rows);
    expect(january?.map((row) => [row['Date'], row['Time'], row['Calories']])).toEqual([
      ['2026-01-30', '8:25 AM', '420.0'],
      ['2026-01-30', '', '95.0'],
      ['2026-01-30', '', '95.0'],
      ['2026-01-31', '8:05 PM', '1,050.0'],
    ]);
    expect(january?.[3]?.['Note']).toBe('Birthday, out');
    expect(february).toHaveLength(1);
  });

  test('is about its first to its last date', async () => {
    const result = await read('times-nutrition.csv', recorded('times-nutrition.csv'));
    expect(result).toMatchObject({ ok: true, span: { from: '2026-01-30', to: '2026-02-02' } });
  });
});

describe('weights', () => {
  test.each([
    ['metric', 'kg'],
    ['imperial', 'lb'],
  ] as const)('of a %s person are frozen as %s', async (units, unit) => {
    const parts = await partsOf(WEIGHT, recorded(WEIGHT), { units });
    expect(new Set(parts.map((part) => part.data.units))).toEqual(new Set([unit]));
    // `grep -c ^2` says 141 rows; the last is 2026-01-08,88.5.
    expect(parts.flatMap((part) => part.data.rows)).toHaveLength(141);
    expect(parts[18]?.data).toEqual({
      units: unit,
      from: '2026-01-01',
      to: '2026-01-31',
      rows: [{ Date: '2026-01-08', Weight: '88.5' }],
    });
  });

  test('without anybody saying the unit are refused', async () => {
    expect(await read(WEIGHT, recorded(WEIGHT))).toMatchObject({ ok: false, code: 'missing_units' });
  });
});

test('the exercise export is known and kept cell for cell, until its reader is built', async () => {
  const [part] = await partsOf('exercise.csv', recorded('exercise.csv'));
  expect(part?.resource).toBe('exercise');
  expect(part?.data.rows.map((row) => row['Exercise'])).toEqual([
    '"Walking, 3.5 mph, brisk pace"',
    'MFP iOS calorie adjustment',
  ]);
});

test('columns are found by name, wherever they stand', async () => {
  const [part] = await partsOf('a.csv', 'Calories,Note,Meal,Date\n500,,Lunch,2026-01-02\n');
  expect(part?.data.rows).toEqual([{ Calories: '500', Note: '', Meal: 'Lunch', Date: '2026-01-02' }]);
});

test('a month too big for one object goes on in pages that lose no row', async () => {
  const note = 'x'.repeat(1000);
  const lines = Array.from({ length: 6000 }, (_, n) => `2026-01-02,Lunch,${n},${note}`);
  const result = await read('Nutrition-2026-01-01-to-2026-01-31.csv', `Date,Meal,Calories,Note\n${lines.join('\n')}\n`);
  if (!result.ok) throw new Error(result.code);
  // 6,000 rows of a little over 1,000 bytes are above 6 MB, and an object holds 5.
  expect(result.parts).toHaveLength(2);
  expect(Math.max(...result.parts.map((part) => part.text.length))).toBeLessThan(5_000_000);
  const data = result.parts.map((part) => chunk.parse(JSON.parse(part.text)));
  expect(data.map((page) => [page.from, page.to, page.page])).toEqual([
    ['2026-01-01', '2026-01-31', undefined],
    ['2026-01-01', '2026-01-31', '2'],
  ]);
  expect(data.flatMap((page) => page.rows.map((row) => Number(row['Calories'])))).toEqual(lines.map((_, n) => n));
});

describe('a file that cannot be read is refused, saying what and where', () => {
  const cases: readonly [string, string, string, string, Partial<ImportFile>?][] = [
    ['a nutrition file without Calories', 'Date,Meal,Fat (g)\n', 'missing_column', '"Calories"'],
    ['a nutrition file without Meal', 'Date,Calories\n', 'missing_column', '"Meal"'],
    ['a weight file without Date', 'Day,Weight\n', 'missing_column', '"Date"'],
    [
      'a file of another kind than was said',
      'Date,Meal,Calories\n',
      'missing_column',
      '"Weight"',
      { type: 'measurement' },
    ],
    [
      'a date in another order',
      'Date,Meal,Calories\n2026-01-02,A,1\n02/01/2026,A,1\n',
      'bad_date',
      'Line 3: "02/01/2026"',
    ],
    ['a day that does not exist', 'Date,Meal,Calories\n2026-02-30,A,1\n', 'bad_date', 'Line 2: "2026-02-30"'],
    ['a row with a cell too many', 'Date,Meal,Calories\n2026-01-02,A,1,050\n', 'row_width', 'Line 2 has 4 cells'],
    ['a quote that never ends', 'Date,Meal,Calories\n2026-01-02,"A,1\n', 'bad_csv', 'CSV_QUOTE_NOT_CLOSED'],
    ['a column that is there twice', 'Date,Meal,Calories,Meal\n', 'duplicate_column', '"Meal"'],
    ['an empty file', '', 'empty_file', 'no header'],
    ['a header alone, about no range', 'Date,Meal,Calories\n', 'empty_file', 'no rows'],
    ['columns nobody knows', 'a,b\n1,2\n', 'unknown_format', 'no MyFitnessPal export'],
    ['a type nobody knows', 'Date,Weight\n', 'unknown_format', 'no MyFitnessPal export', { type: 'naps' }],
    ['the zip of the export', 'PK\u0003\u0004', 'unknown_format', 'zip'],
  ];
  test.each(cases)('%s', async (_, content, code, detail, more) => {
    expect(await read('a.csv', content, more)).toMatchObject({
      ok: false,
      code,
      detail: expect.stringContaining(detail),
    });
  });

  test('bytes that are not UTF-8', async () => {
    expect(await read('a.csv', new Uint8Array([0x44, 0xff, 0xfe]))).toMatchObject({ ok: false, code: 'bad_encoding' });
  });

  test('a weight file by its name, when the column that would tell is the one missing', async () => {
    const result = await read('Measurement-Summary.csv', 'Date,Hips\n2026-01-02,1\n', { units: 'metric' });
    expect(result).toMatchObject({ ok: false, code: 'missing_column', detail: expect.stringContaining('"Weight"') });
  });
});
