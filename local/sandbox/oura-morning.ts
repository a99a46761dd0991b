import type { BodyDay } from './body.ts';
import { localIso } from './calendar.ts';
import { uuid, type Chance } from './chance.ts';
import type { HeldRecord } from './holding.ts';
import type { Night } from './night.ts';
import { bounded, knownS, readiness } from './oura-night.ts';

const HOUR_S = 3600;
const LEVELS = ['limited', 'adequate', 'solid', 'strong', 'exceptional'];
/** The day of the week on which the ring's maker estimates the oxygen uptake anew; 1 is Monday. */
export const UPTAKE_DAY = 7;

type Fields = Readonly<Record<string, unknown>>;

function score(night: Night): Fields {
  return {
    score: night.score,
    contributors: {
      deep_sleep: bounded(night.score + 5),
      efficiency: bounded(night.score + 8),
      latency: 100,
      rem_sleep: bounded(night.score - 6),
      restfulness: bounded(night.score - 10),
      timing: bounded(night.score + 2),
      total_sleep: bounded(night.score - 1),
    },
  };
}

/** The documents of a day that are known once its night is: scores, temperature, oxygen, stress, vessels. */
export function ringMorning(body: BodyDay, night: Night, chance: Chance): HeldRecord[] {
  const { day, vitals, plot, untilS } = body;
  const midnight = localIso(day.startS, day.offsetAt(day.startS));
  const document = (type: string, fields: Fields, knownAtS = knownS(night)): HeldRecord => {
    const id = uuid(chance.fork(type));
    const record = { id, day: day.date, ...fields };
    return { type, id, knownAtS, fromS: day.startS, toS: day.endS, day: day.date, record };
  };
  const dated = (fields: Fields): Fields => ({ ...fields, timestamp: midnight });
  const draw = chance.fork('drawn');
  const parts = { sleep_recovery: draw.int(300, 900) / 10, daytime_recovery: draw.int(300, 900) / 10 };
  const documents = [
    document('daily_sleep', dated(score(night))),
    document('daily_readiness', dated(readiness(body, night))),
    document('daily_spo2', {
      breathing_disturbance_index: vitals.apneas,
      spo2_percentage: { average: vitals.oxygenPermille / 10 },
    }),
    document(
      'daily_stress',
      {
        day_summary: plot.cold > 0 ? 'stressful' : draw.hit(0.4) ? 'restored' : 'normal',
        recovery_high: draw.int(2, 20) * 900,
        stress_high: draw.int(0, 12) * 900,
      },
      untilS + 900,
    ),
    document('daily_resilience', {
      contributors: { ...parts, stress: draw.int(300, 900) / 10 },
      level: LEVELS[Math.min(4, Math.floor(parts.sleep_recovery / 20))],
    }),
    document('daily_cardiovascular_age', {
      vascular_age: vitals.vesselYears,
      pulse_wave_velocity: vitals.waveTenths / 10,
    }),
    ...(day.weekday === UPTAKE_DAY ? [document('vo2_max', dated({ vo2_max: vitals.oxygenUptake }))] : []),
  ];
  // A night whose start was corrected is scored again under the same id: four more than with the time on the sofa.
  const scored = plot.sleepEdited ? [document('daily_sleep', dated(score({ ...night, score: night.score - 4 })))] : [];
  return [...scored, ...documents.map((one) => rescored(one, scored.length > 0))];
}

function rescored(one: HeldRecord, again: boolean): HeldRecord {
  return again && one.type === 'daily_sleep' ? { ...one, knownAtS: one.knownAtS + 6 * HOUR_S } : one;
}
