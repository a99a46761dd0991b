import type { BodyDay } from './body.ts';
import type { Chance } from './chance.ts';
import { beforeCorrection, type DiaryRow, type Nutrient } from './meals.ts';
import type { Person } from './person.ts';

/** What the diary finally says of a day: its rows, and the weight typed in, in tenths of the person's unit. */
export interface DiaryDay {
  readonly date: string;
  readonly rows: readonly DiaryRow[];
  readonly weightTenths: number | undefined;
}

export interface Diary {
  readonly days: readonly DiaryDay[];
  /** How the days stood when they were exported first; `until` is the last of them. */
  readonly before: readonly DiaryDay[];
  /** The dates each of the two exports states. */
  readonly exports: readonly [DiaryRange, DiaryRange];
}

export interface DiaryRange {
  readonly from: string;
  readonly until: string;
}

export const GRAMS_PER_LB = 453.592_37;

function weightTenths(person: Person, body: BodyDay): number | undefined {
  const last = body.weighings.at(-1);
  if (person.habits.scale === 'diary') {
    const unitG = person.habits.units === 'metric' ? 1000 : GRAMS_PER_LB;
    return last === undefined ? undefined : Math.round((last.grams * 10) / unitG);
  }
  // Beside the scale: typed in on Sundays from memory, whatever the scale says that day.
  return body.day.weekday === 7 ? Math.round(person.weightG / 100) + (body.index % 5) : undefined;
}

/** Keeps the diary. The first export covers the first part of the days, the second one the later part; where both speak, days were corrected in between: a smaller meal, a row taken out, a day cleared, a weight set right. */
export function keepDiary(person: Person, bodies: readonly BodyDay[], chance: Chance): Diary {
  const count = bodies.length;
  const overlap = { from: Math.floor(count * 0.3), until: Math.floor(count * 0.6) };
  const cleared = count >= 10 ? overlap.from + 1 : undefined;
  const before: DiaryDay[] = [];
  const days = bodies.map((body): DiaryDay => {
    const { date } = body.day;
    const day: DiaryDay = { date, rows: body.meals, weightTenths: weightTenths(person, body) };
    const corrected = body.index >= overlap.from && body.index <= overlap.until && chance.hit(0.3);
    const wrong = corrected
      ? {
          ...day,
          rows: beforeCorrection(day.rows),
          weightTenths: day.weightTenths === undefined ? undefined : day.weightTenths + 7,
        }
      : day;
    if (body.index <= overlap.until) before.push(wrong);
    return body.index === cleared ? { ...day, rows: [] } : day;
  });
  const date = (index: number): string => bodies[index]?.day.date ?? '';
  return {
    days,
    before,
    exports: [
      { from: date(0), until: date(overlap.until) },
      { from: date(overlap.from), until: date(count - 1) },
    ],
  };
}

/** The export's columns in order; null stands for those nothing is known of. */
const COLUMNS: readonly (readonly [string, Nutrient | null])[] = [
  ['Calories', 'energy'],
  ['Fat (g)', 'fat'],
  ['Saturated Fat', 'saturated'],
  ['Polyunsaturated Fat', null],
  ['Monounsaturated Fat', null],
  ['Trans Fat', null],
  ['Cholesterol', 'cholesterol'],
  ['Sodium (mg)', 'sodium'],
  ['Potassium', 'potassium'],
  ['Carbohydrates (g)', 'carbs'],
  ['Fiber', 'fiber'],
  ['Sugar', 'sugar'],
  ['Protein (g)', 'protein'],
  ['Vitamin A', null],
  ['Vitamin C', null],
  ['Calcium', null],
  ['Iron', null],
];

/** `518.0`, and `"1,050.0"` above a thousand, as the site writes them. */
function cell(tenths: number | undefined): string {
  if (tenths === undefined) return '';
  const [whole, tenth] = [Math.floor(tenths / 10), tenths % 10];
  return whole < 1000
    ? `${whole}.${tenth}`
    : `"${Math.floor(whole / 1000)},${`${whole % 1000}`.padStart(3, '0')}.${tenth}"`;
}

const within = (days: readonly DiaryDay[], range: DiaryRange): DiaryDay[] =>
  days.filter(({ date }) => date >= range.from && date <= range.until);

/** The nutrition export over a range: with a Time column, a byte-order mark and LF, or without and CRLF. */
export function nutritionCsv(person: Person, days: readonly DiaryDay[], range: DiaryRange): string {
  const timed = person.habits.diary === 'timed';
  const header = ['Date', 'Meal', ...(timed ? ['Time'] : []), ...COLUMNS.map(([name]) => name), 'Note'];
  const lines = within(days, range).flatMap(({ date, rows }) =>
    rows.map((row) =>
      [
        date,
        row.meal,
        ...(timed ? [row.time] : []),
        ...COLUMNS.map(([, nutrient]) => cell(nutrient === null ? 0 : row.tenths[nutrient])),
        '',
      ].join(','),
    ),
  );
  return (timed ? '\uFEFF' : '') + [header.join(','), ...lines, ''].join(timed ? '\n' : '\r\n');
}

/** The measurement export over a range: a weight without a unit. */
export function measurementCsv(days: readonly DiaryDay[], range: DiaryRange): string {
  const lines = within(days, range).flatMap(({ date, weightTenths: tenths }) =>
    tenths === undefined ? [] : [`${date},${Math.floor(tenths / 10)}.${tenths % 10}`],
  );
  return ['Date,Weight', ...lines, ''].join('\n');
}
