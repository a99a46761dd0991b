import * as z from 'zod';
import { takeFile, takeInbox } from '../app/inbox.ts';
import { createS3Inbox } from '../ports/inbox/s3.ts';
import { readEnvironment } from './environment.ts';
import { nothing, objectsCreated } from './events.ts';
import { storingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('import');
const inbox = createS3Inbox({ bucket: environment.RAW_BUCKET });

/**
 * Imports files that were handed in or dropped into the inbox, as the bucket tells of them; what is not stored whole is told of again. By the
 * clock it looks for those nobody told of, or whose person was not known then.
 */
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
