import { describe, expect, test } from 'vitest';
import type { Readings } from '../../ports/readings/readings.ts';
import type { Payload } from '../support/raw.ts';
import { connectionFact, userFact } from '../support/facts.ts';

const daily = (externalId: string, day: string, steps: number, sleepingPulse: number): Payload => ({
  provider: 'garmin',
  externalId,
  type: 'dailies',
  receivedAt: `${day}T23:00:00Z`,
  data: {
    dailies: [
      {
        summaryId: `s-${day}`,
        calendarDate: day,
        startTimeInSeconds: Date.parse(`${day}T00:00:00Z`) / 1000,
        startTimeOffsetInSeconds: 0,
        durationInSeconds: 86_400,
        steps,
        restingHeartRateInBeatsPerMinute: sleepingPulse,
      },
    ],
  },
});

interface Opened {
  readonly readings: Readings;
  readonly publish: (payloads: readonly Payload[]) => Promise<void>;
}

/** What every driver of the readings port must do; `publish` runs a batch of the project's models over the payloads. */
export function readingsContract(name: string, open: () => Opened | Promise<Opened>, additional?: () => void): void {
  describe(`readings: ${name}`, () => {
    test('before the first batch there is nothing to read', async () => {
      const { readings } = await open();
      const range = { userId: 'u_anna', from: '2026-01-01', to: '2026-12-31' };
      expect(await readings.daily(range)).toEqual([]);
      expect(await readings.sleep(range)).toEqual([]);
      expect(await readings.workouts(range)).toEqual([]);
      expect(await readings.meals(range)).toEqual([]);
      expect(await readings.scores(range)).toEqual([]);
      expect(await readings.baselines(range)).toEqual([]);
      expect(await readings.anomalies(range)).toEqual([]);
      expect(await readings.readiness(range)).toEqual([]);
    });

    test("a person's days come in order, both ends included, and nobody else's", async () => {
      const { readings, publish } = await open();
      await publish([
        userFact('u_anna'),
        userFact('u_ben'),
        connectionFact('u_anna', 'garmin', 'a'),
        connectionFact('u_ben', 'garmin', 'b'),
        daily('a', '2026-03-03', 3000, 53),
        daily('a', '2026-03-01', 1000, 51),
        daily('a', '2026-03-02', 2000, 52),
        daily('b', '2026-03-02', 9000, 59),
      ]);
      const read = async (metric?: string) =>
        (
          await readings.daily({
            userId: 'u_anna',
            from: '2026-03-01',
            to: '2026-03-02',
            ...(metric === undefined ? {} : { metric }),
          })
        ).map((row) => [row['local_date'], row['metric'], row['value']]);
      expect(await read('steps')).toEqual([
        ['2026-03-01', 'steps', 1000],
        ['2026-03-02', 'steps', 2000],
      ]);
      expect(await read()).toEqual([
        ['2026-03-01', 'resting_heart_rate_bpm', 51],
        ['2026-03-01', 'steps', 1000],
        ['2026-03-02', 'resting_heart_rate_bpm', 52],
        ['2026-03-02', 'steps', 2000],
      ]);
    });

    additional?.();
  });
}
