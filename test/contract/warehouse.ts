import { describe, expect, test } from 'vitest';
import type { Warehouse } from '../../ports/warehouse/warehouse.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import type { Lake } from '../support/lake.ts';
import { steps } from './engine.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
const days = (sql: string) => ({ name: 'test', sql });

/** What every driver of the warehouse port must do, over a lake of the toy models. */
export function warehouseContract(name: string, open: () => { lake: Lake; warehouse: Warehouse }): void {
  describe(`warehouse: ${name}`, () => {
    test('before the first batch every mart is there and empty', async () => {
      const { warehouse } = open();
      for (const mart of ['observations', 'daily_metrics', 'raw_objects', 'batches']) {
        expect(await warehouse.run(days(`select * from ${mart}`))).toEqual([]);
      }
    });

    test('parameters are values, never SQL', async () => {
      const { lake, warehouse } = open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10), steps('anna', '2026-01-02', 20)]);
      const query = days(
        'select value from daily_metrics where user_id = $user and value >= $least and ($day is null or local_date = cast($day as date)) limit $n',
      );
      expect(await warehouse.run(query, { user: 'u_anna', least: 15, day: null, n: 5 })).toEqual([{ value: 20 }]);
      expect(await warehouse.run(query, { user: 'u_anna', least: 0.5, day: '2026-01-01', n: 5 })).toEqual([
        { value: 10 },
      ]);
      expect(await warehouse.run(query, { user: `x' or 'a' = 'a`, least: 0, day: null, n: 5 })).toEqual([]);
    });

    test('dates, instants and integers are cells as the port says', async () => {
      const { lake, warehouse } = open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10, 90)]);
      const query = days(
        'select local_date, received_at, value, true as yes, null as nothing, 9007199254740993 as big, 7 as small from observations',
      );
      // the payload was received 90 minutes after midnight; 2^53 + 1 is no number JavaScript has
      expect(await warehouse.run(query)).toEqual([
        {
          local_date: '2026-01-01',
          received_at: '2026-01-01T01:30:00.000Z',
          value: 10,
          yes: true,
          nothing: null,
          big: '9007199254740993',
          small: 7,
        },
      ]);
    });

    test('what a batch publishes is read at once, and what began before goes on undisturbed', async () => {
      const { lake, warehouse } = open();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const sum = days('select sum(value) as total, count(*) as n from daily_metrics');
      const answers = [warehouse.run(sum)];
      for (const [day, minute] of [
        ['2026-01-02', 1],
        ['2026-01-03', 2],
      ] as const) {
        await lake.batch([steps('anna', day, 10, minute)]);
        answers.push(warehouse.run(sum), warehouse.run(sum));
      }
      const totals = (await Promise.all(answers)).map(([row]) => [row?.['total'], row?.['n']]);
      expect(totals).toEqual([
        [10, 1],
        [20, 2],
        [20, 2],
        [30, 3],
        [30, 3],
      ]);
    });
  });
}
