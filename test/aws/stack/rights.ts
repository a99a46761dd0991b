import { expect, test } from 'vitest';
import { judgeAsked } from '../../support/rights/judge-asked.ts';
import type { Household } from '../../support/stand/household.ts';

/** Rights nobody is seen to use, and why they are there: by the end of `function: statement action`. */
const UNSEEN: Readonly<Record<string, string>> = {};

/** Everything the functions asked for above, judged by the policies of the recorded program. */
export function rights(house: () => Household): void {
  test('every call a function made its role allows, and what is missing AWS would say is missing', () => {
    const { stand } = house();
    const { refused, hidden } = judgeAsked(stand.stack, stand.asked());
    expect(refused).toEqual([]);
    expect(hidden).toEqual([]);
  });

  test('every right of every function is used above, or stands in the table with its reason', () => {
    const { stand } = house();
    const { unused } = judgeAsked(stand.stack, stand.asked());
    const reasons = Object.keys(UNSEEN);
    expect(unused.filter((one) => !reasons.some((reason) => one.endsWith(reason)))).toEqual([]);
    expect(reasons.filter((reason) => !unused.some((one) => one.endsWith(reason)))).toEqual([]);
  });
}
