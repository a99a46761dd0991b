import { describe, expect, test } from 'vitest';
import { apple, at, daily, dayOf, garmin, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
const hour = (h: number) => `${DAY} ${String(h).padStart(2, '0')}:00:00 +0100`;
const phone = (hours: Readonly<Record<number, number>>) =>
  apple(
    'step_count',
    'count',
    Object.entries(hours).map(([h, qty]) => ({ date: hour(Number(h)), qty, source: 'iPhone' })),
    RECEIVED,
    'Hours',
  );
const epochs = (hours: Readonly<Record<number, number>>) =>
  garmin(
    'epochs',
    Object.entries(hours).map(([h, steps]) => ({
      startTimeInSeconds: at(`${DAY}T00:00:00Z`) + (Number(h) - 1) * 3600,
      startTimeOffsetInSeconds: 3600,
      durationInSeconds: 3600,
      activityType: 'WALKING',
      steps,
    })),
    RECEIVED,
  );
const watchDay = (fields: object, durationInSeconds = 86400) =>
  garmin(
    'dailies',
    [
      {
        calendarDate: DAY,
        startTimeInSeconds: at('2026-11-09T23:00:00Z'),
        startTimeOffsetInSeconds: 3600,
        durationInSeconds,
        ...fields,
      },
    ],
    RECEIVED,
  );

describe('what adds up', () => {
  test('a stretch seen by watch and phone counts once, the watch first; the rest adds up', async () => {
    // the watch: 9 h and 10 h; the phone: 10 h and 11 h
    const of = await tables([...person(), epochs({ 9: 1000, 10: 2000 }), phone({ 10: 1900, 11: 500 })]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({
      value: 3500, // 1000 + 2000 + 500
      winner_source: 'garmin',
      n_sources: 2,
      alternatives: '[{"source":"garmin","value":3000},{"source":"apple","value":2400}]',
      coverage_pct: 12.5, // 9 to 12 o'clock: 3 of 24 hours
    });
  });

  test('an interval covered in part counts its remainder in proportion', async () => {
    // the phone walked 600 from 9 to 10; the watch was worn from 9:45
    const worn = garmin(
      'epochs',
      [
        {
          startTimeInSeconds: at(`${DAY}T08:45:00Z`),
          startTimeOffsetInSeconds: 3600,
          durationInSeconds: 900,
          activityType: 'WALKING',
          steps: 100,
        },
      ],
      RECEIVED,
    );
    const of = await tables([...person(), worn, phone({ 9: 600 })]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 550 }); // 100 + 600 x 45 / 60
  });

  test('a total is never added to the intervals of the same source', async () => {
    const of = await tables([...person(), watchDay({ steps: 3100 }), epochs({ 9: 1000, 10: 2000 })]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 3100 });
  });

  test('beside a watch with a total the phone counts only where the watch saw nothing', async () => {
    const of = await tables([
      ...person(),
      watchDay({ steps: 3100 }),
      epochs({ 9: 1000, 10: 2000 }),
      phone({ 10: 1900, 11: 500 }),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 3600 }); // 3100 + 500
  });

  test('a watch total without intervals covers the time of its record', async () => {
    // a day of twelve hours, to noon; the phone walked at 10 and at 15 o'clock
    const of = await tables([...person(), watchDay({ steps: 3100 }, 43200), phone({ 10: 1900, 15: 500 })]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 3600 });
  });

  test('a watch forgotten at home leaves the day to the phone', async () => {
    const of = await tables([...person(), phone({ 9: 600, 10: 1900 })]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 2500, winner_source: 'apple', n_sources: 1 });
  });

  test('below intervals alone a total counts less what lies inside their time', async () => {
    // the watch has intervals only; the phone has a day of 5000, of which 1900 lie in the watch's hour
    const total = apple(
      'step_count',
      'count',
      [{ date: `${DAY} 00:00:00 +0100`, qty: 4800, source: 'iPhone' }],
      RECEIVED,
      'Days',
    );
    const of = await tables([...person(), epochs({ 10: 2000 }), total]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 6600 }); // 2000 + 4800 - 4800 / 24
  });

  test('a lower total with intervals counts less what they hold inside that time', async () => {
    // the phone first, with intervals only; the watch knows the whole day, 2000 of it in the phone's hour
    const of = await tables([
      ...person('Europe/Paris', { steps: ['apple', 'garmin'] }),
      phone({ 10: 1900 }),
      watchDay({ steps: 3100 }),
      epochs({ 9: 1000, 10: 2000 }),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 3000 }); // 1900 + 3100 - 2000
  });

  test('a person’s own order turns the priority round', async () => {
    const of = await tables([
      ...person('Europe/Paris', { steps: ['apple', 'garmin'] }),
      epochs({ 9: 1000, 10: 2000 }),
      phone({ 10: 1900 }),
    ]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 2900, winner_source: 'apple' }); // 1000 + 1900
  });

  test('a zero is a value', async () => {
    const of = await tables([...person(), watchDay({ steps: 0 })]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 0 });
  });

  test('rows of a day and of hours of one metric are never summed together', async () => {
    const date = `${DAY} 00:00:00 +0100`;
    const day = apple('step_count', 'count', [{ date, qty: 5000, source: 'Watch|iPhone' }], RECEIVED, 'Days');
    const hours = [9, 10].map((h) => ({ date: hour(h), qty: 1200, source: 'Watch' }));
    const of = await tables([...person(), day, apple('step_count', 'count', hours, RECEIVED, 'Hours')]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 5000 });
  });

  test('a row sent again as the day grows replaces itself, also when its source names wander', async () => {
    const row = (qty: number, source: string, receivedAt: string) =>
      apple('step_count', 'count', [{ date: `${DAY} 00:00:00 +0100`, qty, source }], receivedAt, 'Days');
    const of = await tables([
      ...person(),
      row(3000, 'iPhone', '2026-11-10T12:00:00Z'),
      row(5000, 'Watch|iPhone', '2026-11-10T20:00:00Z'),
    ]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 5000, winner_source: 'apple', n_sources: 1 });
  });
});
