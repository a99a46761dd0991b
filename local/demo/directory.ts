import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WellspringError } from '../../app/errors.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { ensurePrivateDirectory } from '../secret.ts';

/** Only a directory with this file in it is ever emptied. */
const MARKER = '.wellspring-demo';

/** Makes the demo's directory, or empties the one an earlier demo made. Throws `not_a_demo_directory`, `already_serving` (exit 2). */
export async function prepareDirectory(directory: string): Promise<void> {
  ensurePrivateDirectory(directory);
  const names = readdirSync(directory);
  if (names.length > 0 && !names.includes(MARKER)) {
    throw new WellspringError({
      code: 'not_a_demo_directory',
      message: 'The directory holds something that no demo has made, so it is left as it is.',
      detail: directory,
      remedy: 'Give the demo another --data-dir.',
      exit: 2,
    });
  }
  await refuseWhileServed(directory);
  // The marker goes last and comes first: a demo stopped half-way here can be emptied by the next.
  for (const name of names) if (name !== MARKER) rmSync(join(directory, name), { recursive: true, force: true });
  writeFileSync(
    join(directory, MARKER),
    'Made by `wellspring demo`, which empties this directory when it starts again.\n',
  );
}

/** Each demo has a time of its own, so another one's lease cannot be read by any clock: at the beginning of time none has run out, and it ends with its holder. */
const BEGINNING: Clock = { ...createSystemClock(), now: () => 0 };

async function refuseWhileServed(directory: string): Promise<void> {
  const file = join(directory, 'state.db');
  if (!existsSync(file)) return;
  const state = createLibsqlState({ file, clock: BEGINNING });
  try {
    const taken = await state.acquire('serve', { ttlMs: 1000 });
    if (taken.ok) return await taken.lease.release();
    throw new WellspringError({
      code: 'already_serving',
      message: 'Another demo runs in this directory.',
      detail: directory,
      remedy: 'Stop it, or give this one another --data-dir; where none runs any more, remove the directory.',
      exit: 2,
    });
  } finally {
    await state.close();
  }
}
