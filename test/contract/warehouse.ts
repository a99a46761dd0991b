import { describe, expect, test } from 'vitest';
import type { Warehouse } from '../../ports/warehouse/warehouse.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import type { Lake } from '../support/lake.ts';
import { steps } from './engine.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
const days = (sql: string) => ({ name: 'test', sql });

/** What every driver of the warehouse port must do, over a lake of the toy models. */
export function warehouseContract(
  name: string,
  open: () => Promise<{ lake: Pick<Lake, 'batch'>; warehouse: Warehouse }> | { lake: Lake; warehouse: Warehouse },
): void {
  describe(`warehouse: ${name}`, () => {
    test('before the first batch every mart is there and empty', async () => {
      const { warehouse } = await open();
      for (const mart of ['observations', 'daily_metrics', 'raw_objects', 'batches']) {
        expect(await warehouse.run(days(`select * from ${mart}`))).toEqual([]);
      }
    });

    test('parameters are values, never SQL', async () => {
      const { lake, warehouse } = await open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10), steps('anna', '2026-01-02', 20)]);
      const query = days(
        'select value from daily_metrics where user_id = $user and value >= $least and ($day is null or local_date = cast($day as date))',
      );
      expect(await warehouse.run(query, { user: 'u_anna', least: 15, day: null })).toEqual([{ value: 20 }]);
      expect(await warehouse.run(query, { user: 'u_anna', least: 0.5, day: '2026-01-01' })).toEqual([{ value: 10 }]);
      expect(await warehouse.run(query, { user: 'u_anna', least: -0.5, day: '2026-01-02' })).toEqual([{ value: 20 }]);
      for (const user of [`x' or 'a' = 'a`, `u_anna' --`, `u_anna'`, `\\' or true --`, '$day', '?', "''"]) {
        expect(await warehouse.run(query, { user, least: 0, day: null }), user).toEqual([]);
      }
    });

    test('a text comes back as it was given, and a text that looks like a placeholder is none', async () => {
      const { lake, warehouse } = await open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const query = days(
        `select user_id from daily_metrics where '$least' <> $text and user_id <> $text and $yes and $text = $same -- what $text is?`,
      );
      for (const text of [`it's`, `'`, `"`, '\\', 'two\nlines', 'ü🫀', '', ';', '%s {} ?']) {
        expect(await warehouse.run(query, { text, same: text, yes: true }), text).toEqual([{ user_id: 'u_anna' }]);
        expect(await warehouse.run(query, { text, same: text, yes: false }), text).toEqual([]);
      }
    });

    test('a value without a place and a place without a value are refused', async () => {
      const { lake, warehouse } = await open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const query = days('select value from daily_metrics where user_id = $user');
      await expect(warehouse.run(query, { user: 'u_anna', day: null })).rejects.toThrow();
      await expect(warehouse.run(query, {})).rejects.toThrow();
    });

    test('dates, instants and integers are cells as the port says', async () => {
      const { lake, warehouse } = await open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10, 90)]);
      const query = days(
        `select local_date, received_at, value, value / 4e0 as part, true as yes, value < 0 as no, null as nothing, '' as empty,
           9007199254740993 as big, 7 as small from observations`,
      );
      // the payload was received 90 minutes after midnight; 2^53 + 1 is no number JavaScript has
      expect(await warehouse.run(query)).toEqual([
        {
          local_date: '2026-01-01',
          received_at: '2026-01-01T01:30:00.000Z',
          value: 10,
          part: 2.5,
          yes: true,
          no: false,
          nothing: null,
          empty: '',
          big: '9007199254740993',
          small: 7,
        },
      ]);
    });

    test('every row of a long answer comes, once and in order', async () => {
      const { lake, warehouse } = await open();
      const dates = Array.from({ length: 9 }, (_, i) => `2026-01-0${i + 1}`);
      await lake.batch([...ANNA, ...dates.map((date, i) => steps('anna', date, i))]);
      const rows = await warehouse.run(days('select local_date, value from daily_metrics order by local_date'));
      expect(rows).toEqual(dates.map((local_date, value) => ({ local_date, value })));
    });

    test('what a batch publishes is read at once, and an answer is of one batch', async () => {
      const { lake, warehouse } = await open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const sum = days('select sum(value) as total, count(*) as n from daily_metrics');
      const answers = [{ published: 1, answer: warehouse.run(sum) }];
      for (const published of [2, 3]) {
        await lake.batch([steps('anna', `2026-01-0${published}`, 10, published)]);
        for (let again = 0; again < 2; again += 1) answers.push({ published, answer: warehouse.run(sum) });
      }
      for (const { published, answer } of answers) {
        const [{ total, n } = {}] = await answer;
        // A batch adds one day of 10 steps; what began before a batch may see it or not, but whole.
        expect(total).toBe(10 * Number(n));
        expect(Number(n)).toBeGreaterThanOrEqual(published);
      }
      expect(await warehouse.run(sum)).toEqual([{ total: 30, n: 3 }]);
    });
  });
}
