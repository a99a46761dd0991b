import { expect, test } from 'vitest';
import { describeExplanation } from '../../../local/cli/explanation.ts';

const place = { raw_key: 'raw/2026-03-02/garmin/a_x/dailies-1.json', pointer: '/dailies/0/steps', received_at: '' };

test('a value made of two sources shows what each said and what of it counted', () => {
  const text = describeExplanation({
    user_id: 'u_a',
    local_date: '2026-03-01',
    metric: 'steps',
    value: 1100,
    unit: 'count',
    rule: 'sum of intervals',
    winner: 'garmin',
    candidates: [
      { source: 'garmin', value: 1000, counted: 1000, raw_keys: [] },
      { source: 'apple', value: 900, counted: 100, raw_keys: [] },
      { source: 'scale', value: 7, counted: null, raw_keys: [] },
    ],
    evidence: [{ ...place, text: '1000' }],
    evidence_total: 3,
  });
  expect(text.split('\n')).toEqual([
    'steps on 2026-03-01: 1100 count',
    'rule: sum of intervals',
    'candidates:',
    '  ✓ garmin: 1000, counted: 1000',
    '    apple: 900, counted: 100',
    '    scale: 7, counted: nothing',
    'evidence (the first 1 of 3 places):',
    `  ${place.raw_key} ${place.pointer}`,
    '    1000',
  ]);
});
