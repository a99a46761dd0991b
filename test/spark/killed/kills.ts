import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { createChance } from '../../../local/sandbox/chance.ts';
import { openSparkPlant, type SparkPlant } from '../plant.ts';
import { writeToyModels } from '../toy.ts';
import { lakeTables, localTables } from '../twin.ts';
import { changeOf } from './batches.ts';
import { type Held, readAll, type Seen, startReading } from './reading.ts';

export interface KilledReport {
  readonly kills: number;
  /** Runs that were over before they were to be killed. */
  readonly late: number;
  readonly changes: number;
  readonly reads: number;
  /** What a reader saw that was never published, and how tables differ in the end. */
  readonly problems: readonly string[];
}

/** Of the same change so many runs are killed at most, before one is left alone. */
const KILLS_EACH = 3;

const taken = z.object({ key: z.string() });

async function run(plant: SparkPlant, models: string): Promise<void> {
  for (const job of ['silver', 'gold'] as const) {
    const { error } = await plant.spark.job(job, { more: ['--MODELS', models] });
    if (error !== undefined) throw new Error(`${job}: ${error}`);
  }
}

async function store(plant: SparkPlant, n: number): Promise<void> {
  const { objects, removed } = changeOf(n);
  await plant.store(objects);
  for (const key of removed) await plant.remove(key);
}

/** How long a run takes in a Spark that has just begun, in ms: kills are drawn from it. */
async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Kills a run at a moment, and answers whether it was still under way. */
async function killAfter(ms: number, plant: SparkPlant, models: string): Promise<boolean> {
  // Its start is not what is killed.
  await plant.spark.rows('select 1 as n');
  let isOver = false;
  const work = run(plant, models).then(
    () => (isOver = true),
    () => undefined,
  );
  await Promise.race([wait(ms), work]);
  const wasLate = isOver;
  await plant.killSpark();
  await work;
  return !wasLate;
}

/** The keys that were told of by batches that were announced. */
async function toldBy(plant: SparkPlant): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for (const { batch_id } of await plant.events()) {
    const lines = (await plant.text(`runs/${batch_id}/taken.ndjson`)).split('\n').filter((line) => line !== '');
    for (const line of lines) told.add(taken.parse(JSON.parse(line)).key);
  }
  return told;
}

async function disturbed(models: string, { kills: wanted, seed }: { readonly kills: number; readonly seed: string }) {
  const chance = createChance(`killed jobs ${seed}`);
  const plant = await openSparkPlant();
  const reader = startReading(plant, models);
  try {
    const whole = () => timed(() => run(plant, models));
    await store(plant, 0);
    let lengthMs = await whole();
    let [kills, late, changes] = [0, 0, 1];
    while (kills < wanted) {
      await store(plant, changes);
      for (let n = 0; n < KILLS_EACH && kills < wanted; n += 1) {
        if (!(await killAfter(chance.next() * lengthMs, plant, models))) {
          late += 1;
          break;
        }
        kills += 1;
      }
      lengthMs = await whole();
      changes += 1;
    }
    const [end, told, open] = [await readAll(plant, models), await toldBy(plant), await plant.keys('open/')];
    return { kills, late, changes, seen: await reader.stop(), end, told, open };
  } finally {
    await plant.stop();
  }
}

/** What the tables hold after each change when nobody kills a run, and how the last of it differs from what the local engine makes. */
async function undisturbed(models: string, changes: number, directory: string) {
  const plant = await openSparkPlant();
  try {
    const held: Held[] = [await readAll(plant, models)];
    for (let n = 0; n < changes; n += 1) {
      await store(plant, n);
      await run(plant, models);
      held.push(await readAll(plant, models));
    }
    const all = Array.from({ length: changes }, (_, n) => changeOf(n));
    const removed = new Set(all.flatMap((one) => one.removed));
    const objects = all.flatMap((one) => one.objects).filter(({ key }) => !removed.has(key));
    const local = await localTables(directory, objects, { batchId: 'b', now: 0 }, { ours: false, models });
    const made = await lakeTables(plant, { ours: false, models });
    const differing = Object.keys(local).filter((name) => local[name]?.join() !== made[name]?.join());
    return { held, differing, keys: all.flatMap((one) => one.objects.map(({ key }) => key)) };
  } finally {
    await plant.stop();
  }
}

/** Of each table: whether what was seen of it are states it was to have, in their order. */
function problemsOf({ held }: Seen, published: readonly Held[]): readonly string[] {
  return Object.entries(held).flatMap(([name, texts]) => {
    let at = 0;
    for (const [n, text] of texts.entries()) {
      const next = published.findIndex((one, index) => index >= at && one[name] === text);
      if (next < 0) return [`${name}: the state a reader saw as number ${n} was never published, or before`];
      at = next;
    }
    return [];
  });
}

/**
 * Makes one change after the other while somebody reads, kills the jobs that take it in at moments drawn from their whole length, and lets the next
 * ones end. Compares with jobs nobody disturbed, and those with the local engine.
 */
export async function killJobs(options: {
  readonly directory: string;
  readonly kills: number;
  readonly seed: string;
}): Promise<KilledReport> {
  const models = path.join(options.directory, 'models');
  mkdirSync(options.directory, { recursive: true });
  writeToyModels(models);
  const { kills, late, changes, seen, end, told, open } = await disturbed(models, options);
  const calm = await undisturbed(models, changes, path.join(options.directory, 'lake'));
  const last = calm.held.at(-1) ?? {};
  const problems = [
    ...problemsOf(seen, calm.held),
    ...Object.keys(last).flatMap((name) => (end[name] === last[name] ? [] : [`${name}: differs in the end`])),
    ...calm.differing.map((name) => `${name}: undisturbed, it differs from the local engine's`),
    ...calm.keys.filter((key) => !told.has(key)).map((key) => `${key}: no announced batch tells of it`),
    ...open.map((key) => `${key}: nobody announced it`),
  ];
  return { kills, late, changes, reads: seen.reads, problems };
}
