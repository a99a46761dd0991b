import type { Chance } from './chance.ts';

/** One row of the diary; amounts in tenths of the column's unit, so that sums are exact. Undefined: the cell is blank. */
export interface DiaryRow {
  readonly meal: string;
  readonly time: string;
  readonly tenths: Readonly<Record<Nutrient, number | undefined>>;
}

/** The nutrients a metric exists for. */
export const NUTRIENTS = [
  'energy',
  'fat',
  'saturated',
  'cholesterol',
  'sodium',
  'potassium',
  'carbs',
  'fiber',
  'sugar',
  'protein',
] as const;
export type Nutrient = (typeof NUTRIENTS)[number];

const MEALS: readonly { readonly meal: string; readonly hour: number; readonly time: string; readonly kcal: number }[] =
  [
    { meal: 'Breakfast', hour: 8, time: '8:10 AM', kcal: 420 },
    { meal: 'Lunch', hour: 13, time: '1:05 PM', kcal: 680 },
    { meal: 'Snacks', hour: 16, time: '', kcal: 160 },
    { meal: 'Dinner', hour: 20, time: '8:20 PM', kcal: 760 },
  ];

function row(meal: string, time: string, kcal: number, chance: Chance): DiaryRow {
  const energy = Math.floor(kcal * (7 + chance.next() * 6));
  const part = (least: number, most: number): number => Math.floor((energy * chance.int(least, most)) / 1000);
  return {
    meal,
    time,
    tenths: {
      energy,
      fat: part(25, 48),
      saturated: part(4, 14),
      cholesterol: part(20, 90),
      sodium: part(500, 1400),
      // Many foods name no potassium: a blank cell is not a zero.
      potassium: chance.hit(0.3) && meal !== 'Lunch' ? undefined : part(400, 900),
      carbs: part(85, 140),
      fiber: part(4, 14),
      sugar: meal === 'Dinner' && chance.hit(0.3) ? 0 : part(10, 40),
      protein: part(30, 60),
    },
  };
}

/** What was eaten before the local hour `beforeHour`; now and then the same snack twice, as two equal rows. */
export function eat(beforeHour: number, chance: Chance): DiaryRow[] {
  return MEALS.flatMap(({ meal, hour, time, kcal }) => {
    const made = row(meal, chance.hit(0.4) ? '' : time, kcal, chance);
    const twice = meal === 'Snacks' && chance.hit(0.25);
    const feast = meal === 'Dinner' && chance.hit(0.1) ? row(meal, '', 1150, chance) : undefined;
    if (hour >= beforeHour) return [];
    return [made, ...(twice ? [made] : []), ...(feast === undefined ? [] : [feast])];
  });
}

/** The diary of a day as it stood before the person corrected it: one amount too large, one row too many. */
export function beforeCorrection(rows: readonly DiaryRow[]): DiaryRow[] {
  const [first, ...rest] = rows;
  if (first === undefined) return [];
  const larger = { ...first, tenths: { ...first.tenths, energy: (first.tenths.energy ?? 0) + 1500 } };
  return [larger, ...rest, { ...first, meal: 'Snacks', time: '' }];
}
