import { takeFile } from '../app/inbox.ts';
import { createS3Inbox } from '../ports/inbox/s3.ts';
import { readEnvironment } from './environment.ts';
import { objectsCreated } from './events.ts';
import { storingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('import');
const inbox = createS3Inbox({ bucket: environment.RAW_BUCKET });

/** Imports files that were handed in or dropped into the inbox, as the bucket tells of them; what is not stored whole is told of again. */
export const handler = task({
  name: 'import',
  event: objectsCreated,
  open: () => storingOf('import', environment),
  work: async (runtime, { Records }) => {
    for (const { s3 } of Records) {
      const file = await inbox.at(s3.object.key);
      if (file !== undefined) await takeFile(runtime, inbox, file);
    }
  },
});
