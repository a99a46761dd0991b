import { fileURLToPath } from 'node:url';
import { cutIntoBatches, readObjects } from '../../app/listing.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createDuckDbEngine } from '../../ports/engine/duckdb/engine.ts';
import { createFsObjects } from '../../ports/objects/fs.ts';
import type { ListedObject } from '../../ports/objects/objects.ts';

// A batch of one machine, in a process of its own: what is stored is listed, cut as `process` cuts it, and published. Prints one line of JSON.
const [dataDir = '', directory = ''] = process.argv.slice(2);
const clock = createSystemClock();
const objects = createFsObjects({ root: dataDir });
const engine = createDuckDbEngine({
  directory,
  modelsDirectory: fileURLToPath(new URL('../../models', import.meta.url)),
  clock,
});
const listed: ListedObject[] = [];
for await (const object of objects.list('raw/')) listed.push(object);
let taken = 0;
for (const [at, part] of cutIntoBatches(listed).entries()) {
  const documents = await readObjects(
    objects,
    part.map(({ key }) => key),
  );
  const result = await engine.run({
    batchId: `b_${at}`,
    now: clock.now(),
    objects: documents,
    load: (key) => objects.get(key),
    commit: (change) => {
      change();
      return Promise.resolve(true);
    },
  });
  taken += result.objects;
}
await engine.close();
process.stdout.write(`=> ${JSON.stringify({ objects: taken, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`);
