import type { BodyDay } from './body.ts';
import { measurementCsv, nutritionCsv, type Diary } from './diary.ts';
import type { Posted } from './parcel.ts';
import type { Person } from './person.ts';

/** The two exports of a person's diary, each as the two files of the mailed archive. */
export function postDiary(person: Person, bodies: readonly BodyDay[], diary: Diary): Posted[] {
  const endS = (date: string): number => bodies.find(({ day }) => day.date === date)?.untilS ?? 0;
  return diary.exports.flatMap((range, at): Posted[] => {
    const days = at === 0 ? diary.before : diary.days;
    const file = (kind: string, text: string): Posted => ({
      atS: endS(range.until) + 1200,
      parcel: {
        kind: 'file',
        provider: 'myfitnesspal',
        lane: `myfitnesspal/${person.index}`,
        person: person.index,
        name: `${kind}-Summary-${range.from}-to-${range.until}.csv`,
        text,
      },
    });
    return [file('Nutrition', nutritionCsv(person, days, range)), file('Measurement', measurementCsv(days, range))];
  });
}
