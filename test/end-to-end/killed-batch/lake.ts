import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createDuckDbEngine } from '../../../ports/engine/duckdb/engine.ts';
import type { Engine } from '../../../ports/engine/engine.ts';
import { MODELS } from '../../support/transform.ts';

/** Keys of the raw objects below a data directory, in order. */
export function keysIn(data: string): readonly string[] {
  return readdirSync(path.join(data, 'raw'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => `raw/${name.replaceAll('\\', '/')}`)
    .toSorted();
}

/** Days are made anew by themselves, however little there is. */
export const openEngine = (directory: string): Engine =>
  createDuckDbEngine({ directory, modelsDirectory: MODELS, daysFrom: 0 });

/** Takes in what there is below `data` up to a raw date, and no batch has: as every batch after a killed one does. */
export async function takeIn(engine: Engine, data: string, upTo: string, batchId: string): Promise<void> {
  const known = await engine.known();
  const keys = keysIn(data).filter((key) => key < `raw/${upTo}~` && !known.has(key));
  await engine.run({
    batchId,
    now: Date.parse(`${upTo}T23:00:00Z`),
    objects: keys.map((key) => ({ key, document: readFileSync(path.join(data, key)) })),
    load: (key) => Promise.resolve(readFileSync(path.join(data, key))),
    commit: (change) => Promise.resolve((change(), true)),
  });
}
