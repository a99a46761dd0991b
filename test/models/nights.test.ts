import { expect, test } from 'vitest';
import { apple, daily, person, tables } from './deliveries.ts';

const RECEIVED = '2026-11-11T08:00:00Z';
const stage = (startDate: string, endDate: string, source: string) => ({
  startDate: `${startDate}:00:00 +0100`,
  endDate: `${endDate}:00:00 +0100`,
  value: 'Core',
  qty: 6,
  source,
});
const breaths = (date: string, qty: number) => ({ date: `${date} +0100`, qty, source: 'Watch' });

test('a sample inside two overlapping sessions of one account counts once, in the better of them', async () => {
  const of = await tables([
    ...person(),
    // the watch first of two as long: 23:00 to 05:00, and the phone 01:00 to 07:00
    apple(
      'sleep_analysis',
      'hr',
      [stage('2026-11-09 23', '2026-11-10 05', 'Watch'), stage('2026-11-10 01', '2026-11-10 07', 'iPhone')],
      RECEIVED,
    ),
    apple(
      'respiratory_rate',
      'count/min',
      [breaths('2026-11-09 23:30:11', 10), breaths('2026-11-10 02:30:11', 20), breaths('2026-11-10 06:30:11', 40)],
      RECEIVED,
      'None',
    ),
  ]);
  expect(await daily(of, 'respiratory_rate_brpm')).toEqual({ '2026-11-10': 15 }); // (10 + 20) / 2
});
