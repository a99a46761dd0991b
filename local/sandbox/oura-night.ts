import type { BodyDay } from './body.ts';
import { localIso } from './calendar.ts';
import { uuid, type Chance } from './chance.ts';
import type { HeldRecord } from './holding.ts';
import { asleepSeconds, firstGuess, stageSeconds, type Night, type Stage } from './night.ts';
import { beats } from './vitals.ts';

/** Seconds between two values of a night's series. */
export const SERIES_S = 300;
const HOUR_S = 3600;
/** The app is opened half an hour after waking: only then is the night known. */
const OPENED_S = 1800;
const PHASES: Readonly<Record<Stage, string>> = { deep: '1', light: '2', rem: '3', awake: '4' };

type Reason = 'foreground_sleep_analysis' | 'bedtime_edit';

/** One stretch in bed as the ring saw it, and the heart rates of it. */
export interface RingSleep {
  readonly held: HeldRecord;
  readonly startS: number;
  readonly beats: readonly number[];
}

/** When what the ring saw of a night is known. */
export const knownS = (night: Pick<Night, 'endS'>): number => night.endS + OPENED_S;

/** One character for every `stepS` seconds. */
function phases({ segments, startS, endS }: Night, stepS: number): string {
  const stageAt = (s: number): Stage => segments.find((one) => s < one.endS)?.stage ?? 'awake';
  return Array.from(
    { length: Math.ceil((endS - startS) / stepS) },
    (_, at) => PHASES[stageAt(startS + at * stepS)],
  ).join('');
}

/** The share asleep of the time in bed, in whole percent. */
export const efficiencyPct = (night: Night): number =>
  Math.round((100 * asleepSeconds(night)) / (night.endS - night.startS));

function sleepDocument(body: BodyDay, night: Night, kind: string, reason: Reason, chance: Chance): RingSleep {
  const { vitals, day } = body;
  const { startS, endS } = night;
  const [start, end] = [localIso(startS, day.offsetAt(startS)), localIso(endS, day.offsetAt(endS))];
  const count = Math.ceil((endS - startS) / SERIES_S);
  const [rates, pauses] = [beats(count, vitals.nightBpm, vitals.dipBpm, chance), beats(count, vitals.hrvMs, 8, chance)];
  const series = (items: readonly number[]) => ({
    interval: SERIES_S,
    items,
    timestamp: start.replace(/(?=[+-]\d\d:\d\d$)/, '.000'),
  });
  // A stream of its own: a version of another length has the same id.
  const id = uuid(chance.fork('id'));
  const record = {
    id,
    day: day.date,
    type: kind,
    bedtime_start: start,
    bedtime_end: end,
    time_in_bed: endS - startS,
    total_sleep_duration: asleepSeconds(night),
    deep_sleep_duration: stageSeconds(night, 'deep'),
    light_sleep_duration: stageSeconds(night, 'light'),
    rem_sleep_duration: stageSeconds(night, 'rem'),
    awake_time: stageSeconds(night, 'awake'),
    latency: 0,
    efficiency: efficiencyPct(night),
    average_breath: vitals.breathEighths / 8,
    average_heart_rate: vitals.nightBpm,
    lowest_heart_rate: vitals.nightBpm - vitals.dipBpm,
    average_hrv: vitals.hrvMs,
    heart_rate: series(rates),
    hrv: series(pauses),
    restless_periods: chance.int(80, 260),
    sleep_phase_5_min: phases(night, 300),
    sleep_phase_30_sec: phases(night, 30),
    movement_30_sec: phases(night, 30).replaceAll(/[123]/g, '1').replaceAll('4', '2'),
    readiness: kind === 'long_sleep' ? readiness(body, night) : null,
    sleep_algorithm_version: 'v2',
    sleep_analysis_reason: reason,
    low_battery_alert: false,
    period: kind === 'long_sleep' ? 0 : 1,
  };
  return {
    held: { type: 'sleep', id, knownAtS: knownS(night), fromS: startS, toS: endS, day: day.date, record },
    startS,
    beats: rates,
  };
}

/** A score of the maker's: a whole number from 1 to 100. */
export const bounded = (value: number): number => Math.min(100, Math.max(1, Math.round(value)));

/** How rested the body is, as it stands beside a night and, with its own id, as a document of the day. */
export function readiness({ vitals, plot }: BodyDay, night: Night): Readonly<Record<string, unknown>> {
  return {
    score: bounded(night.score + (plot.cold > 0 ? -12 : 3)),
    temperature_deviation: vitals.warmerCenti / 100,
    temperature_trend_deviation: Math.round(vitals.warmerCenti / 2) / 100,
    contributors: {
      activity_balance: bounded(night.score - 4),
      body_temperature: bounded(100 - Math.abs(vitals.warmerCenti) / 2),
      hrv_balance: bounded(vitals.hrvMs + 30),
      previous_day_activity: null,
      previous_night: bounded(night.score),
      recovery_index: bounded(night.score + 6),
      resting_heart_rate: bounded(140 - vitals.nightBpm),
      sleep_balance: bounded(night.score - 2),
      sleep_regularity: bounded(night.score - 8),
    },
  };
}

/** The night in each version the ring's maker ever told, the last one as it was: where its start is corrected later, under the same id. */
export function ringNight(body: BodyDay, night: Night, chance: Chance): RingSleep[] {
  const told = (seen: Night, reason: Reason): RingSleep =>
    sleepDocument(body, seen, 'long_sleep', reason, chance.fork('night'));
  const first = told(body.plot.sleepEdited ? firstGuess(night) : night, 'foreground_sleep_analysis');
  if (!body.plot.sleepEdited) return [first];
  const edited = told(night, 'bedtime_edit');
  return [
    first,
    { ...edited, held: { ...edited.held, id: first.held.id, knownAtS: first.held.knownAtS + 6 * HOUR_S } },
  ];
}

const resting = (body: BodyDay, startS: number, seconds: number): Night => ({
  startS,
  endS: startS + seconds,
  offsetS: body.day.offsetAt(startS),
  segments: [{ stage: 'light', startS, endS: startS + seconds }],
  score: 60,
});

/** The day's nap. */
export function ringNap(body: BodyDay, chance: Chance): RingSleep | undefined {
  const nap = resting(body, body.day.startS + 14 * HOUR_S, 1500);
  if (!body.plot.nap || body.night === undefined || knownS(nap) > body.untilS) return undefined;
  return sleepDocument(body, nap, 'late_nap', 'foreground_sleep_analysis', chance.fork('nap'));
}

/** Ten hours that were none: the ring lay under a warm pillow. Longer than any night, and taken back the day after. */
export function ringMistake(body: BodyDay, chance: Chance): RingSleep {
  const still = resting(body, body.day.startS + 9 * HOUR_S, 10 * HOUR_S);
  return sleepDocument(body, still, 'long_sleep', 'foreground_sleep_analysis', chance.fork('mistake'));
}
