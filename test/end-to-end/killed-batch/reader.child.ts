import * as z from 'zod';
import { readCatalog, storedModels } from '../../../ports/engine/duckdb/catalog.ts';
import { createDuckDbWarehouse } from '../../../ports/warehouse/duckdb.ts';
import { MODELS } from '../../support/transform.ts';

// Reads all tables over and over, each time in one statement, and holds them against what the newest batch says it wrote. Told to stop it says
// how often it read, how many batches it saw, and what did not fit.
const [directory = ''] = process.argv.slice(2);
const warehouse = createDuckDbWarehouse({ directory, modelsDirectory: MODELS });
const names = storedModels(readCatalog(MODELS)).map(({ name }) => name);
const counts = names.map((name) => `(select count(*) from ${name}) as ${name}`);
const sql = `select batch_id, tables, ${counts.join(', ')} from batches order by finished_at desc, batch_id desc limit 1`;
const rowsOf = z.record(z.string(), z.number());

let reads = 0;
const seen = new Set<string>();
const problems: string[] = [];
const stop = new AbortController();
process.stdin.on('data', () => stop.abort());
while (!stop.signal.aborted) {
  const [row] = await warehouse.run({ name: 'reader', sql }, {});
  reads += 1;
  if (row === undefined) continue;
  const batch = String(row['batch_id']);
  seen.add(batch);
  const stated = rowsOf.parse(JSON.parse(String(row['tables'])));
  for (const name of names) {
    if (Number(row[name]) === stated[name]) continue;
    problems.push(`${batch}: ${name} has ${String(row[name])} rows, its batch wrote ${String(stated[name])}`);
  }
}
process.stdout.write(`${JSON.stringify({ reads, batches: seen.size, problems: problems.slice(0, 5) })}\n`);
process.exit(0);
