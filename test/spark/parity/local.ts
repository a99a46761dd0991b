import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Database } from '../../../ports/engine/duckdb/database.ts';
import { type Batch, computed } from '../../support/computed.ts';

/** Every model over the raw objects below a folder (a key is a path there), each a table of its name in a DuckDB; close it when done. */
export async function runLocally(models: string, raw: string, batch: Batch): Promise<Database> {
  const files = readdirSync(raw, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const objects = files.map((file) => {
    const place = path.join(file.parentPath, file.name);
    return { key: path.relative(raw, place).split(path.sep).join('/'), document: readFileSync(place) };
  });
  return computed(models, objects, batch);
}
