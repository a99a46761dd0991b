import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BatchRequest } from '../../../../ports/engine/engine.ts';
import { currentManifest } from '../../../../ports/engine/duckdb/manifest.ts';
import { steps } from '../../../contract/engine.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { FAULTS, ODD } from '../../../support/faults.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import { rawObject } from '../../../support/raw.ts';
import { openToyModels } from '../../../support/toy-models.ts';

const NAMES = ['anna', 'ben', 'cleo'];
const FAMILIES = NAMES.flatMap((name) => [
  userFact(`u_${name}`),
  connectionFact(`u_${name}`, 'toy', name),
  steps(name, '2026-01-01', 10),
]);
/** Families go by their accounts, which are hashes: Ben's is the last. */
const BAD = steps('ben', '2026-01-02', ODD);
const CORRECTION = steps('ben', '2026-01-02', 9, 1);

type Watched = Pick<BatchRequest, 'onStep'>;

/** A batch about all three of them. */
const batch = (lake: Lake, watched: Watched) =>
  lake.batch([...NAMES.map((name) => userFact(`u_${name}`)), BAD], watched);
const rebuild = (lake: Lake, watched: Watched) => lake.rebuild(watched);
const compare = (lake: Lake, watched: Watched) => lake.compare(undefined, watched);
/** A batch without anything new. */
const renewal = (lake: Lake, watched: Watched) => lake.batch([], watched);

interface Way {
  readonly name: string;
  readonly act: (lake: Lake, watched: Watched) => Promise<unknown>;
  readonly terms: Parameters<typeof openLake>[0];
  /** Parts that are made until the bad one is found in the last. */
  readonly parts: number;
  /** Whether the models become such as refuse what is published, instead of what comes being refused by them. */
  readonly isRenewal?: boolean;
}

const [PARTS, WAVES] = [{ waveRecords: 0 }, { waveBytes: 1 }];
const WAYS: readonly Way[] = [
  { name: 'a batch at once', act: batch, terms: {}, parts: 1 },
  { name: 'a batch in parts', act: batch, terms: PARTS, parts: 3 },
  { name: 'other models at once', act: renewal, terms: {}, parts: 1, isRenewal: true },
  { name: 'other models in parts', act: renewal, terms: PARTS, parts: 3, isRenewal: true },
  { name: 'a rebuild at once', act: rebuild, terms: {}, parts: 1 },
  { name: 'a rebuild in waves', act: rebuild, terms: WAVES, parts: 3 },
  { name: 'a comparison at once', act: compare, terms: {}, parts: 1 },
  { name: 'a comparison in parts', act: compare, terms: PARTS, parts: 3 },
];

/** Every file of a lake and of what is shown of it. */
function filesOf({ directory }: Lake): readonly string[] {
  const entries = readdirSync(join(directory, '..'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
}

const CASES = WAYS.flatMap((way) =>
  Object.entries(FAULTS).map(([code, fault]) => [way.name, code, way, fault] as const),
);

test.each(CASES)(
  '%s is refused for its last family (%s): nothing is published, and nothing stays',
  async (_, code, { act, terms, parts, isRenewal = false }, fault) => {
    const toy = openToyModels();
    const lake = openLake({ models: toy.models, ...terms });
    if (!isRenewal) fault(toy);
    await lake.batch(isRenewal ? [...FAMILIES, BAD] : FAMILIES);
    if (isRenewal) fault(toy);
    lake.raw.set(rawObject(BAD).key, rawObject(BAD).document);
    const [manifest, files] = [currentManifest(lake.directory), filesOf(lake)];
    let made = 0;
    const onStep = (step: string): void => {
      if (step === 'modelled') made += 1;
    };
    await expect(act(lake, { onStep })).rejects.toMatchObject({ code });
    expect(made).toBe(parts);
    expect(manifest?.batch_id).toBe('b1');
    expect(currentManifest(lake.directory)).toEqual(manifest);
    // What a batch has written until then goes with the next one; what a comparison has, at once.
    const isExpected = (file: string): boolean => act === compare || !/\bb2\b/.test(file);
    expect(filesOf(lake).filter(isExpected)).toEqual(files);
    expect(await lake.batch([CORRECTION])).toMatchObject({ batchId: 'b3', published: true });
    expect(filesOf(lake).filter((file) => /\b(staging|b2)\b/.test(file))).toEqual([]);
    expect(await lake.query(`select value from daily_metrics where user_id = 'u_ben' order by local_date`)).toEqual([
      { value: 10 },
      { value: 9 },
    ]);
  },
);
