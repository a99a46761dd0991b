import { expect, test } from 'vitest';
import { checkKey, keyText, readKey } from '../../app/explain/key.ts';
import { type Table, tables } from '../../app/lineage.ts';

function table(name: string): Table {
  const found = tables().get(name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

test('a key is read column by column, and a comma belongs to the value unless a name follows', () => {
  expect(readKey('user_id=u_a,local_date=2026-03-02')).toEqual({ user_id: 'u_a', local_date: '2026-03-02' });
  expect(readKey('meal=Soup, name=Ann')).toEqual({ meal: 'Soup', name: 'Ann' });
  expect(readKey('meal=Soup, Bread,user_id=u_a')).toEqual({ meal: 'Soup, Bread', user_id: 'u_a' });
  expect(readKey('raw_pointer=/a/b=c')).toEqual({ raw_pointer: '/a/b=c' });
});

test('what leads to a row is read back as it was', () => {
  const key = { user_id: 'u_a', local_date: '2026-03-02', meal: 'Soup, Bread' };
  expect(readKey(keyText(key))).toEqual(key);
});

test.each([
  ['meals', { user_id: 'u_a', meal: 'Lunch' }, 'local_date is missing.'],
  [
    'meals',
    { user_id: 'u_a', local_date: '2026-03-02', meal: 'Lunch', energy_kcal: '5' },
    'energy_kcal does not name a row of it.',
  ],
  [
    'meals',
    { user_id: 'u_a', local_date: '2026-02-30', meal: 'Lunch' },
    'local_date must be a day that exists, YYYY-MM-DD.',
  ],
  [
    'samples',
    { user_id: 'u_a', account: 'a', metric: 'm', at_utc: 'noon' },
    'at_utc must be an instant such as 2026-03-02T09:00:00Z.',
  ],
  ['batches', { user_id: 'u_a', batch_id: 'b' }, 'user_id does not name a row of it.'],
])('a key of %s that is none is refused naming the grain: %j', (name, key, fault) => {
  const grain = table(name).grain.join(', ');
  expect(() => checkKey(table(name), key)).toThrow(
    expect.objectContaining({
      code: 'bad_key',
      status: 400,
      exit: 2,
      detail: `A row of ${name} is named by ${grain}. ${fault}`,
    }),
  );
});

test('whose row it is may be said where the grain does not', () => {
  expect(() => checkKey(table('workouts'), { workout_id: 'w', user_id: 'u_a' })).not.toThrow();
});
