import type { BodyDay } from './body.ts';
import type { Chance } from './chance.ts';
import type { HeldRecord } from './holding.ts';
import { asleepSeconds, stageSeconds, type Night, type Stage } from './night.ts';
import type { Beat } from './oura-day.ts';
import { efficiencyPct } from './oura-night.ts';
import type { Person } from './person.ts';
import { beats } from './vitals.ts';
import { deviceIdOf } from './withings-scale.ts';

const STATES: Readonly<Record<Stage, number>> = { awake: 0, light: 1, deep: 2, rem: 3 };
const MODEL = { name: 'Aura Sensor V2', kind: 32, id: 63 };
const KNOWN_AFTER_S = 900;
const RECOMPUTED_AFTER_S = 5 * 3600;
/** What the first guess at a night counts as light sleep and was deep. */
const MISTAKEN_S = 300;

/** Breaths a minute as the mat counts them. */
export const breaths = ({ vitals }: BodyDay): number => Math.round(vitals.breathEighths / 8);

/** How often somebody woke and slept on: waking up for good is none of them. */
export const wakeups = ({ segments }: Night): number => segments.filter(({ stage }) => stage === 'awake').length - 1;

/** What the mat reads in a stage it reads half a minute after its beginning: never in the same second as a watch, which reads on the quarter hour. */
const READ_AFTER_S = 30;

/** Instants and heart rates of a night, one a stage. */
export function matBeats({ vitals }: BodyDay, { segments }: Night, chance: Chance): Beat[] {
  const rates = beats(segments.length, vitals.nightBpm, vitals.dipBpm, chance);
  return segments.map(({ startS }, at) => ({
    atS: startS + READ_AFTER_S,
    bpm: rates[at] ?? vitals.nightBpm,
    source: 'sleep',
  }));
}

function figures(body: BodyDay, night: Night, mistakenS: number, chance: Chance): Readonly<Record<string, unknown>> {
  const { vitals } = body;
  const last = night.segments.at(-1);
  const upS = last?.stage === 'awake' ? last.endS - last.startS : 0;
  const inBedS = night.endS - night.startS;
  const average = vitals.nightBpm;
  return {
    wakeupduration: stageSeconds(night, 'awake'),
    wakeupcount: wakeups(night),
    durationtosleep: 0,
    remsleepduration: stageSeconds(night, 'rem'),
    durationtowakeup: upS,
    total_timeinbed: inBedS,
    total_sleep_time: asleepSeconds(night),
    sleep_efficiency: efficiencyPct(night) / 100,
    sleep_latency: 0,
    wakeup_latency: upS,
    waso: stageSeconds(night, 'awake') - upS,
    nb_rem_episodes: night.segments.filter(({ stage }) => stage === 'rem').length,
    out_of_bed_count: 0,
    lightsleepduration: stageSeconds(night, 'light') + mistakenS,
    deepsleepduration: stageSeconds(night, 'deep') - mistakenS,
    hr_average: average,
    hr_min: average - vitals.dipBpm,
    hr_max: average + vitals.dipBpm,
    rr_average: breaths(body),
    rr_min: breaths(body) - 3,
    rr_max: breaths(body) + 4,
    breathing_disturbances_intensity: vitals.apneas * 2,
    snoring: chance.int(0, 16) * 60,
    snoringepisodecount: chance.int(0, 12),
    sleep_score: night.score,
    apnea_hypopnea_index: vitals.apneas,
    rmssd_start_avg: vitals.hrvMs,
    rmssd_end_avg: vitals.hrvMs,
    // Text inside the JSON, as it comes: got in bed and slept, woke, got out.
    night_events: JSON.stringify({ 1: [0], 2: [0], 3: [inBedS - upS], 4: [inBedS] }),
  };
}

/** A night on the mat: its stages, and its summary, which is computed anew for every second night. */
export function matNight(person: Person, body: BodyDay, night: Night, chance: Chance): HeldRecord[] {
  const { day } = body;
  const hash_deviceid = deviceIdOf(person.deviceId, MODEL.name);
  const draw = chance.fork('mat');
  const recomputed = draw.hit(0.5);
  const created = night.endS + KNOWN_AFTER_S;
  const rates = new Map(matBeats(body, night, chance.fork('mat beats')).map(({ atS, bpm }) => [atS, bpm]));
  const id = 2_081_000_000 + person.index * 100_000 + body.index;
  const range = { fromS: night.startS, toS: night.endS, day: day.date };
  const summary = (modified: number, mistakenS: number): HeldRecord => {
    const data = figures(body, night, mistakenS, draw.fork('figures'));
    const [from, to] = [night.startS, night.endS];
    const head = { id, timezone: day.zone, model: MODEL.kind, model_id: MODEL.id, hash_deviceid };
    const record = { ...head, startdate: from, enddate: to, date: day.date, data, created, modified };
    return { type: 'sleep-getsummary', id: `${id}`, knownAtS: modified, ...range, record };
  };
  const stages = night.segments.map(({ stage, startS, endS }): HeldRecord => {
    const at = (value: number): Readonly<Record<string, number>> => ({ [startS + READ_AFTER_S]: value });
    const record = {
      startdate: startS,
      enddate: endS,
      state: STATES[stage],
      model: MODEL.name,
      model_id: MODEL.id,
      hash_deviceid,
      hr: at(rates.get(startS + READ_AFTER_S) ?? 0),
      rr: at(breaths(body)),
      snoring: at(0),
      // 0 is no value.
      sdnn_1: at(0),
      rmssd: at(body.vitals.hrvMs),
    };
    return { type: 'sleep-get', id: `${startS}`, knownAtS: created, fromS: startS, toS: endS, day: day.date, record };
  });
  return [
    ...stages,
    summary(created, recomputed ? MISTAKEN_S : 0),
    ...(recomputed ? [summary(created + RECOMPUTED_AFTER_S, 0)] : []),
  ];
}
