import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { createDuckDbEngine } from '../../../../ports/engine/duckdb/engine.ts';

// Runs one batch and kills itself with SIGKILL as soon as the step named in the arguments is done.
const [directory = '', modelsDirectory = '', inputs = '', fatal = ''] = process.argv.slice(2);
const input = z.array(z.object({ key: z.string(), document: z.string() }));
const objects = input.parse(JSON.parse(readFileSync(inputs, 'utf8'))).map(({ key, document }) => ({
  key,
  document: new TextEncoder().encode(document),
}));

await createDuckDbEngine({ directory, modelsDirectory }).run({
  batchId: 'b_killed',
  now: Date.parse('2026-11-02T00:00:00Z'),
  objects,
  load: () => Promise.resolve(undefined),
  commit: (change) => {
    change();
    return Promise.resolve(true);
  },
  onStep: (step) => {
    if (step === fatal) process.kill(process.pid, 'SIGKILL');
  },
});
