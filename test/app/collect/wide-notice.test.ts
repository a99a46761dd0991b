import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { collectNotices } from '../../../app/collect/notices.ts';
import { collectOverdue } from '../../../app/collect/overdue.ts';
import { pendingOf } from '../../../app/collect/pending.ts';
import { daysOfMeaning } from '../../../app/collect/window.ts';
import { addDays, daysBetween } from '../../../app/days.ts';
import { type Asked, answering, openStand } from './stand.ts';
import { scale } from './toys.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const NOW_S = Date.UTC(2026, 10, 20, 7) / 1000;
const QUARTER_MS = 15 * 60_000;
const form = ({ body }: Asked) => Object.fromEntries(new URLSearchParams(body));

async function nights() {
  const stand = openStand();
  const asked = answering('scale.example', () => [200, '{"status":0}']);
  const connection = await stand.connect('scale');
  const notice = (data: string) => stand.notice('scale', connection.account, data);
  return { ...stand, asked, notice };
}

describe('a notice of fifty years', () => {
  const FIFTY = `appli=44&startdate=${NOW_S - 50 * 365 * 86_400}&enddate=${NOW_S + 50 * 365 * 86_400}`;

  test('is finished at once, costs twenty windows a time, and no day before the bound of the provider', async () => {
    const { asked, notice, runtime, counters, clock } = await nights();
    await notice(FIFTY);
    expect(await collectNotices(runtime)).toMatchObject({ finished: 1, left: 0 });
    expect(asked).toHaveLength(20);
    expect(counters.read()['scale']).toMatchObject({ notice_clipped: 1 });
    expect(await collectNotices(runtime)).toMatchObject({ finished: 0, left: 0 });
    expect(asked).toHaveLength(20);
    clock.advance(QUARTER_MS);
    await collectOverdue(runtime);
    expect(asked).toHaveLength(40);
    expect(new Set(asked.map((one) => form(one)['startdate'])).size).toBe(40);
    // Tomorrow is the first of them, and the day the clocks went back took two: what is left ends 39 days before it.
    const [from, to] = [addDays('2026-11-20', -(scale.collect?.backfillDays ?? 0)), addDays('2026-11-21', -39)];
    expect(await pendingOf(runtime)).toMatchObject([{ type: 'nights', days: [{ from, to }] }]);
  });
});

test('whatever times a notice names, its days are at most a year, none before the bound, none after tomorrow', () => {
  const nowMs = Date.UTC(2026, 10, 20, 7);
  const instant = fc.integer({ min: -1e13, max: 1e13 });
  fc.assert(
    fc.property(instant, instant, fc.integer({ min: 1, max: 4000 }), (fromMs, toMs, oldest) => {
      const days = daysOfMeaning({ fromMs, toMs }, nowMs, 'Europe/Paris', oldest);
      if (days === undefined) return;
      const width = daysBetween(days.from, days.to);
      expect(width).toBeGreaterThanOrEqual(0);
      expect(width).toBeLessThanOrEqual(365);
      expect(days.to <= '2026-11-21').toBe(true);
      expect(daysBetween(days.from, '2026-11-20')).toBeLessThanOrEqual(oldest);
    }),
  );
});
