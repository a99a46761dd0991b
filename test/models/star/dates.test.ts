import { expect, test } from 'vitest';
import { tables } from '../deliveries.ts';

test('dim_date is the calendar, whoever has data', async () => {
  const of = await tables([]);
  // 130 years of 365 days, and 32 leap days: 1972, 1976, …, 2096 are (2096 - 1972) / 4 + 1, and 2000 is one of them
  const [all] = await of.query('select count(*) as n, min(date) as first, max(date) as last from dim_date');
  expect(all).toEqual({ n: 47_482, first: '1970-01-01', last: '2099-12-31' });
  const rows = await of.query(
    `select * from dim_date where date in (date '1970-01-01', date '2000-02-29', date '2021-01-01', date '2024-12-30',
       date '2026-12-28', date '2026-11-22', date '2099-12-31') order by date`,
  );
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    // 1970 began on a Thursday, so that week is its first
    '1970-01-01 1970 1 1 1970 1 4 false',
    // the 60th day of a year that began on a Saturday: its first week began on Monday the 3rd, 57 days before: the 9th
    '2000-02-29 2000 1 2 2000 9 2 false',
    // a Friday whose Thursday was in 2020, a year of 53 weeks
    '2021-01-01 2021 1 1 2020 53 5 false',
    // a Monday whose Thursday is in 2025
    '2024-12-30 2024 4 12 2025 1 1 false',
    '2026-11-22 2026 4 11 2026 47 7 true',
    // 2026 began on a Thursday and has 53 weeks
    '2026-12-28 2026 4 12 2026 53 1 false',
    '2099-12-31 2099 4 12 2099 53 4 false',
  ]);
});
