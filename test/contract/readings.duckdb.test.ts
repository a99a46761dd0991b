import { createDuckDbReadings } from '../../ports/readings/duckdb.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import { openLake } from '../support/lake.ts';
import { MODELS } from '../support/transform.ts';
import { readingsContract } from './readings.ts';

readingsContract('duckdb', () => {
  const lake = openLake({ models: MODELS });
  return {
    readings: createDuckDbReadings(createDuckDbWarehouse({ directory: lake.directory, modelsDirectory: MODELS })),
    publish: async (payloads) => void (await lake.batch(payloads)),
  };
});
