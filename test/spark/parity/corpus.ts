import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { readCatalog } from '../../../ports/engine/duckdb/catalog.ts';
import type { RawInput } from '../../../ports/engine/engine.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { fixture, recordedBy } from '../../support/fixture.ts';
import { play } from '../../support/play.ts';
import { rawObject, type Payload } from '../../support/raw.ts';
import { MODELS } from '../../support/transform.ts';
import { apart } from '../../models/deliveries.ts';
import { recordedObjects } from '../corpus.ts';
import { edgeObjects } from './edges.ts';

/** The clocks of Paris go back within thirty days of it. */
const UNTIL = '2026-11-15';
const RECEIVED = '2026-11-20T10:00:00Z';

const parsed = z.array(z.record(z.string(), z.string()));

/** The rows of a recorded export of MyFitnessPal, as the import freezes them. */
function diary(file: string, type: string): Payload {
  const rows = parsed.parse(parse(fixture(`myfitnesspal/${file}`), { columns: true, bom: true }));
  const receivedAt = RECEIVED;
  return { provider: 'myfitnesspal', type, data: { rows }, receivedAt, receiver: 'import', deliveryId: file };
}

/**
 * Every recorded payload as every type of its provider (what it is not, both engines are to refuse alike), each a person's of its own;
 * what no recording shows; and what waits, was corrected or taken back.
 */
export function sampleObjects(): readonly RawInput[] {
  const readers = readCatalog(MODELS).readers.filter(({ steps }) => steps !== undefined);
  const types = [...new Set(readers.map(({ type }) => type))].map((type) => type.split('.'));
  const payloads = types.flatMap(([provider = '', type = '']) =>
    ['wellspring', 'myfitnesspal'].includes(provider)
      ? []
      : recordedBy(provider).map((data): Payload => ({ provider, type, data, receivedAt: RECEIVED })),
  );
  const diaries = [
    diary('Nutrition-Summary-2024-07-02-to-2026-03-02.csv', 'nutrition'),
    diary('times-nutrition.csv', 'nutrition'),
    diary('Measurement-Summary-2024-07-02-to-2026-03-02.csv', 'measurement'),
  ];
  return [...apart([...payloads, ...diaries]).map(rawObject), ...edgeObjects(), ...recordedObjects()];
}

/** Writes raw objects below a folder, each at the path that is its key. */
export function writeObjects(directory: string, objects: readonly RawInput[]): void {
  for (const { key, document } of objects) {
    const file = path.join(directory, key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, document);
  }
}

/** The size of a household and what its chances come from. */
export interface Scale {
  readonly seed: string;
  readonly days: number;
  readonly people: number;
}

/** Plays a household whose providers go wrong in every way that passes, and leaves its raw objects below a folder. */
export async function playObjects(directory: string, scale: Scale): Promise<void> {
  const demo = makeDirectory();
  try {
    await play(demo, { ...scale, until: UNTIL, faults: 'all' });
    cpSync(path.join(demo, 'raw'), path.join(directory, 'raw'), { recursive: true });
  } finally {
    removeDirectory(demo);
  }
}
