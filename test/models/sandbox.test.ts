import { expect, test } from 'vitest';
import { addDays, clockChanges } from '../../local/sandbox/calendar.ts';
import { createChance } from '../../local/sandbox/chance.ts';
import { FETCHED, generatePeople, PUSHED } from '../../local/sandbox/people.ts';
import { createPerson, homeZone } from '../../local/sandbox/person.ts';
import { createPlot, type DayPlot } from '../../local/sandbox/plot.ts';
import { over } from './over.ts';

const OPTIONS = { seed: 'autumn', days: 60, people: 2, until: '2026-11-15' };
/** Days from the beginning on which there is not yet a normal of everything, or one of a few days. */
const YOUNG = 25;

/** What happened to a person, day by day: as the sandbox makes it up. */
function plotOf(index: number): readonly (DayPlot & { readonly date: string })[] {
  const from = addDays(OPTIONS.until, 1 - OPTIONS.days);
  const zone = homeZone(from, OPTIONS.until);
  const dates = Array.from({ length: OPTIONS.days }, (_, at) => addDays(from, at));
  const changing = dates.flatMap((date, at) => (clockChanges(zone, date, date) ? [at] : []));
  const stream = createChance(OPTIONS.seed).fork(`person ${index}`);
  const { habits } = createPerson(index, zone, stream.fork('self'));
  const range = { days: OPTIONS.days, travels: habits.travels, clockChanges: changing };
  return createPlot(range, stream.fork('plot')).map((plot, at) => ({ ...plot, date: dates[at] ?? '' }));
}

// That the tables hold this truth, value for value, is test/end-to-end/truth.test.ts's.
const { truth } = generatePeople({ ...OPTIONS, untilHour: 15, providers: [...PUSHED, ...FETCHED] });
const ofPerson = (person: number) =>
  truth.filter(({ user }) => user === person).map((one) => ({ ...one, day: one.local_date }));
const people = { u_0: ofPerson(0), u_1: ofPerson(1) };

test('the cold is found: a higher resting heart rate and a lower variability, and neither on a day without one', async () => {
  const query = await over('anomalies', people);
  const found = async (metric: string, direction: string, user: string) =>
    (
      await query(
        `select cast(local_date as varchar) as day from anomalies
         where user_id = '${user}' and metric = '${metric}' and direction = '${direction}' order by day`,
      )
    ).map(({ day }) => String(day));
  for (const person of [0, 1]) {
    const ill = plotOf(person).filter(({ cold }) => cold > 0);
    expect(ill).toHaveLength(4);
    const told = (metric: string) =>
      new Set(ofPerson(person).flatMap((one) => (one.metric === metric ? [one.day] : [])));
    // By the third day eight beats more may be no surprise any longer: the first days of the cold are part of what is usual by then.
    const first = ill.slice(0, 2).map(({ date }) => date);
    const high = await found('resting_heart_rate_bpm', 'above', `u_${person}`);
    expect(high).toEqual(expect.arrayContaining(first.filter((date) => told('resting_heart_rate_bpm').has(date))));
    expect(ill.map(({ date }) => date)).toEqual(expect.arrayContaining(high));
    const low = await found('hrv_rmssd_ms', 'below', `u_${person}`);
    expect(low.length).toBeGreaterThan(0);
    expect(ill.map(({ date }) => date)).toEqual(expect.arrayContaining(low));
  }
});

test('a cold lowers readiness, and a forgotten watch leaves none and says what is missing', async () => {
  const query = await over('readiness_daily', people);
  for (const person of [0, 1]) {
    const rows = await query(
      `select cast(local_date as varchar) as day, readiness, reason from readiness_daily where user_id = 'u_${person}'`,
    );
    const byDay = new Map(rows.map((row) => [String(row['day']), row]));
    const plot = plotOf(person).slice(YOUNG);
    const mean = (days: readonly DayPlot[]) => {
      const dates = new Set(plot.filter((day) => days.includes(day)).map(({ date }) => date));
      const told = rows.filter((row) => dates.has(String(row['day'])) && row['readiness'] !== null);
      expect(told.length).toBeGreaterThan(0);
      return told.reduce((sum, row) => sum + Number(row['readiness']), 0) / told.length;
    };
    const ill = plot.filter(({ cold }) => cold > 0);
    // A usual day is 50, by construction. Two of the four scores are those of the heart: 65 of 100.
    expect(mean(plot.filter(({ cold }) => cold === 0))).toBeGreaterThan(42);
    expect(mean(ill)).toBeLessThan(32);
    const forgotten = plot.filter(({ watchForgotten }) => watchForgotten);
    expect(forgotten.length).toBeGreaterThan(0);
    for (const { date } of forgotten) {
      expect(byDay.get(date)).toMatchObject({ readiness: null });
      expect(String(byDay.get(date)?.['reason'])).toContain('resting_heart_rate_missing');
    }
  }
});
