import * as z from 'zod';
import { takeFile, takeInbox } from '../app/inbox.ts';
import { createS3Inbox } from '../ports/inbox/s3.ts';
import { readEnvironment } from './environment.ts';
import { nothing, objectsCreated } from './events.ts';
import { storingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('import');
const inbox = createS3Inbox({ bucket: environment.RAW_BUCKET });

/** Imports files of the inbox: the one the bucket tells of, told of again until it is stored whole; by the clock all that still lie there. */
export const handler = task({
  name: 'import',
  event: z.union([objectsCreated, nothing]),
  open: () => storingOf('import', environment),
  work: async (runtime, event) => {
    if (!('Records' in event)) await takeInbox(runtime, inbox);
    for (const { s3 } of 'Records' in event ? event.Records : []) {
      const file = await inbox.at(s3.object.key);
      if (file !== undefined) await takeFile(runtime, inbox, file);
    }
  },
});
