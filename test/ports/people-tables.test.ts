import { expect, test } from 'vitest';
import { peopleTables, VIEWS } from '../../ports/engine/people-tables.ts';

test('tables about people are named once: a view over one of them holds nothing that is not in it', async () => {
  const columns = ['daily_metrics', ...VIEWS, 'dim_date'].map((table_name) => ({
    table_name,
    column_name: table_name === 'dim_date' ? 'date' : 'user_id',
    data_type: 'varchar',
  }));
  const tables = await peopleTables({ run: () => Promise.resolve(columns) }, true);
  expect(tables.map(({ name }) => name)).toEqual(['daily_metrics']);
});
