import { join } from 'node:path';
import { createDuckDbEngine } from '../../ports/engine/duckdb/engine.ts';
import { createDuckDbReadings } from '../../ports/readings/duckdb.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import { openDesk } from './desk.ts';
import { temporaryDirectory } from './directory.ts';
import { rawObject, type Payload } from './raw.ts';
import { MODELS } from './transform.ts';

/** A whole runtime over memory, a state file, a lake and the project's models (or others), and a clock that stands still. */
export function openPlant(models: string = MODELS) {
  const desk = openDesk();
  const directory = join(temporaryDirectory(), 'lake');
  const lake = { directory, modelsDirectory: models };
  const warehouse = createDuckDbWarehouse(lake);
  const runtime = {
    ...desk.runtime,
    isForgotten: () => false,
    settings: () => ({}),
    engine: createDuckDbEngine({ ...lake, clock: desk.clock }),
    warehouse,
    readings: createDuckDbReadings(warehouse),
    version: '0.0.0',
  };
  /** Writes raw objects as receive and import do, without their events. */
  const store = async (payloads: readonly Payload[]): Promise<readonly string[]> => {
    const objects = payloads.map(rawObject);
    for (const { key, document } of objects) await runtime.objects.putIfAbsent(key, document);
    return objects.map(({ key }) => key);
  };
  return { ...desk, runtime, directory, store, query: async (sql: string) => (await warehouse.query(sql)).rows };
}
