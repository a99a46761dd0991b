import { readFileSync } from 'node:fs';
import { createDuckDbEngine } from '../../../../ports/engine/duckdb/engine.ts';

// Runs one batch and kills itself with SIGKILL as soon as the step named in the arguments is done.
const [directory = '', modelsDirectory = '', inputs = '', fatal = ''] = process.argv.slice(2);
const objects = (JSON.parse(readFileSync(inputs, 'utf8')) as { key: string; document: string }[]).map((object) => ({
  key: object.key,
  document: new TextEncoder().encode(object.document),
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
