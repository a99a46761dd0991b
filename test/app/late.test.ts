import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { lateChanges } from '../support/late.ts';

lateChanges('libsql', async (clock) => {
  const file = join(temporaryDirectory(), 'state.db');
  const [mine, theirs] = [createLibsqlState({ file, clock }), createLibsqlState({ file, clock })];
  onTestFinished(async () => void (await Promise.all([mine.close(), theirs.close()])));
  return [mine, theirs];
});
