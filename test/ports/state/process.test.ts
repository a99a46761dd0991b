import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isGone, thisProcess } from '../../../ports/state/process.ts';

/** Field 22 of proc_pid_stat(5), for a command without spaces. */
function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21] ?? '';
}

describe('whether a process is gone', () => {
  test('this process is alive', () => {
    expect(isGone(thisProcess())).toBe(false);
  });

  test('a process that has ended is gone', async () => {
    const ended = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    const pid = ended.pid ?? 0;
    await once(ended, 'exit');
    expect(isGone({ ...thisProcess(), pid })).toBe(true);
  });

  test('a process of an earlier boot is gone, though its id is in use again', () => {
    const me = thisProcess();
    // Systems without /proc name no boot: there is nothing to compare.
    expect(isGone({ ...me, boot: 'an earlier boot' })).toBe(me.boot !== '');
  });

  test('a process of another pid namespace cannot be judged and counts as alive', () => {
    expect(isGone({ ...thisProcess(), namespace: 'pid:[1]', pid: 4_194_303 })).toBe(false);
  });

  test.skipIf(!existsSync('/proc/self/stat'))(
    'a process id taken by a later process does not keep the first alive',
    () => {
      const me = thisProcess();
      expect(me.started).toMatch(/^\d+$/);
      expect(isGone({ ...me, started: `${Number(me.started) - 1}` })).toBe(true);
    },
  );

  test.skipIf(!existsSync('/proc/self/stat'))('a zombie is gone', async () => {
    // The shell becomes `sleep`, which never looks after the child it inherits: that child ends and stays a zombie.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = await once(parent.stdout, 'data');
      const pid = Number(String(line));
      await expect
        .poll(() => existsSync(`/proc/${pid}/stat`) && isGone({ ...thisProcess(), pid, started: startOf(pid) }))
        .toBe(true);
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });
});
