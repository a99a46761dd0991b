import { describe, expect, test } from 'vitest';
import { runMeasured } from '../../../bench/engines/group.ts';
import { processes } from '../../../bench/engines/session.ts';

/** Works until it has used so many ms of its processor. */
const burn = (ms: number): string =>
  `for (let u = 0; u < ${ms * 1000}; { user: u } = process.cpuUsage()) for (let i = 0; i < 1e6; i += 1);`;
/** Starts another Node with a text, and waits for its end. */
const starts = (text: string): string =>
  `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(text)}], { stdio: 'inherit' });`;
const node = (text: string): readonly string[] => [process.execPath, '-e', text];

// It reads what Linux tells of processes.
describe.skipIf(process.platform !== 'linux')('a command that is measured', () => {
  test('counts what a child’s child used that has ended, though nobody looked while it ran', async () => {
    // The first look would come after an hour: only what its parents were told is left.
    const { code, processorSeconds } = await runMeasured(node(starts(burn(700))), { everyMs: 3_600_000 });
    expect(code).toBe(0);
    // 700 ms and the start of two Nodes, less a tick of each of two counts.
    expect(processorSeconds).toBeGreaterThan(0.68);
  });

  test('says what it printed and how it ended, and nothing of it is left', async () => {
    const leaves = `require('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' }).unref();`;
    const says = `console.error(require('node:fs').readFileSync('/proc/self/stat', 'utf8').split(' ')[5]);`;
    const { code, stdout, stderr } = await runMeasured(node(`${leaves} console.log('out'); ${says} process.exit(3);`));
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'out\n' });
    const session = Number(stderr);
    expect(session).toBeGreaterThan(1);
    // Whoever waits for what nobody else waits for may take a moment.
    await expect.poll(() => processes().filter((one) => one.session === session), { timeout: 60_000 }).toEqual([]);
  });

  test('is killed with everything it started when it takes too long', async () => {
    const { code } = await runMeasured(node(starts('setInterval(() => 0, 1000)')), { mostSeconds: 1 });
    expect(code).toBe(137);
  });

  test('has the memory of all its processes at once', async () => {
    // Each fills 100 MB; the parent holds its own while the child works.
    const holds = 'const held = Buffer.alloc(100e6, 1);';
    const parent = `${holds} ${starts(`${holds} ${burn(700)} held.at(0);`)} held.at(0);`;
    const { peakMb } = await runMeasured(node(parent));
    expect(peakMb).toBeGreaterThan(200e6 / 1024 / 1024);
  });
});
