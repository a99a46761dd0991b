import { doExport } from '../app/work.ts';
import { extractRows } from '../ports/engine/extract.ts';
import { createS3Exports } from '../ports/exports/s3.ts';
import { createS3Objects } from '../ports/objects/s3.ts';
import { readEnvironment } from './environment.ts';
import { exportAsked } from './events.ts';
import { PATIENTLY, peopleOf, tablesOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('export');
const { RAW_BUCKET, RESULTS_BUCKET } = environment;
const results = createS3Objects({ bucket: RESULTS_BUCKET });

/** Builds the ZIP of one person that somebody asked for. */
export const handler = task({
  name: 'export',
  event: exportAsked,
  open: async () => ({
    ...peopleOf(environment),
    ...tablesOf(environment, PATIENTLY),
    objects: createS3Objects({ bucket: RAW_BUCKET }),
    exports: createS3Exports({ bucket: RESULTS_BUCKET }),
  }),
  work: (runtime, { detail }) => {
    const { ids, warehouse } = runtime;
    // What the tables write for it lies in a folder of its own, so that two exports do not meet.
    const unload = { root: `s3://${RESULTS_BUCKET}`, objects: results, folder: `unload/${ids.id('e', 16)}` };
    return doExport({ ...runtime, engine: { extract: (id) => extractRows(warehouse, unload, id) } }, detail.work);
  },
});
