import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { waitText } from '../../../local/cli/wait.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProgram } from '../../support/program.ts';
import { runCommand } from '../../support/terminal.ts';

/** A data directory with Ann, in which this process has a lease. */
async function busy(lease: string) {
  const dataDir = join(temporaryDirectory(), 'data');
  await runCommand(['user', 'add', 'Ann', '--data-dir', dataDir]);
  const state = createLibsqlState({ file: join(dataDir, 'state.db'), clock: createSystemClock() });
  onTestFinished(() => state.close());
  const taken = await state.acquire(lease, { ttlMs: 60_000 });
  if (!taken.ok) throw new TypeError('The lease was not free.');
  return { dataDir, lease: taken.lease };
}

test.each([
  [['process'], 'batch', 'works on the tables'],
  [['forget', '--user', 'Ann', '--yes'], 'batch', 'works on the tables'],
  [['forget', '--user', 'Ann', '--yes'], 'forget', 'forgets somebody'],
])(
  '%j says on stderr whom it waits for while another process has the %s lease, and goes on',
  async (words, name, doing) => {
    const { dataDir, lease } = await busy(name);
    const program = startProgram([...words, '--json', '--data-dir', dataDir], {}, temporaryDirectory());
    await program.until(new RegExp(`Waiting for process ${process.pid}, which ${doing} …\n`));
    await lease.release();
    const { code, out, err } = await program.ended;
    expect([code, err.match(/Waiting/g)]).toEqual([0, ['Waiting']]);
    expect(JSON.parse(out)).toMatchObject({ schema_version: 1 });
  },
);

test('a fetch that another process makes is said without the connection’s id', () => {
  expect(waitText({ lease: 'collect/c_abcdefghijkl', holder: 'process 7' })).toBe(
    'Waiting for process 7, which fetches for the same connection …',
  );
});
