import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { WellspringError } from '../../app/errors.ts';
import { settle } from './household.ts';
import { createRaw } from './raw.ts';
import { liveShape, type Shape } from './shape.ts';

/** Who they are follows from these alone. */
const population = z.object({ seed: z.string(), people: z.number(), days: z.number(), until: z.string() });
export type Population = z.infer<typeof population>;

/** What was made so far, kept beside `raw/`: whoever starts again goes on there. */
const progress = population.extend({ households: z.number(), objects: z.number(), bytes: z.number() });
export type Populated = z.infer<typeof progress>;

const HOUSEHOLD = 2;
/** Households whose days are lived; the others share these lives in turn. */
const SHAPES = 4;
const MARK = 'population.json';

/**
 * Writes the raw objects of a population into a data directory, household by household, and tells of each. A directory that was begun
 * is finished. Throws `other_people` when it holds another population.
 */
export async function populate(
  dataDir: string,
  wanted: Population,
  onHousehold: (done: Populated) => void = () => undefined,
): Promise<Populated> {
  const mark = path.join(dataDir, MARK);
  const shapes = new Map<number, Shape>();
  let done = begun(mark, wanted);
  for (let number = done.households; number * HOUSEHOLD < wanted.people; number += 1) {
    const at = number % SHAPES;
    const shape = shapes.get(at) ?? (await liveShape(`${wanted.seed} ${at}`, wanted.days, wanted.until));
    shapes.set(at, shape);
    const raw = createRaw(dataDir);
    let [objects, bytes] = [0, 0];
    for (const envelope of settle(shape, wanted.seed, number, wanted.people - number * HOUSEHOLD)) {
      raw.write(envelope);
      objects += 1;
      bytes += envelope.document.byteLength;
    }
    done = { ...done, households: number + 1, objects: done.objects + objects, bytes: done.bytes + bytes };
    writeFileSync(mark, `${JSON.stringify(done)}\n`);
    onHousehold(done);
  }
  return done;
}

function begun(mark: string, wanted: Population): Populated {
  if (!existsSync(mark)) {
    mkdirSync(path.dirname(mark), { recursive: true });
    return { ...wanted, households: 0, objects: 0, bytes: 0 };
  }
  const done = progress.parse(JSON.parse(readFileSync(mark, 'utf8')));
  const same = JSON.stringify(population.parse(done)) === JSON.stringify(population.parse(wanted));
  if (same) return done;
  throw new WellspringError({
    code: 'other_people',
    message: 'This directory holds another population.',
    detail: `${done.people} people, ${done.days} days until ${done.until}, seed ${done.seed}`,
    remedy: 'Name an empty directory with --data-dir, or the same people, days, last day and seed.',
    exit: 2,
  });
}
