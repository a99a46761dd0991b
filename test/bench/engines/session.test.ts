import { expect, test } from 'vitest';
import { readProcess, sumOf } from '../../../bench/engines/session.ts';

/**
 * A line of `/proc/<pid>/stat` by `man 5 proc_pid_stat`: 1 pid, 2 (name), 3 state, 4 parent, 5 group, 6 session, then 14 utime, 15 stime,
 * 16 cutime, 17 cstime. Fields between and behind are what they are not to be taken for.
 */
const stat = (pid: number, name: string, session: number, [u, s, cu, cs]: readonly number[]): string =>
  `${pid} (${name}) S 1 ${pid} ${session} 99 98 97 96 95 94 93 ${u} ${s} ${cu} ${cs} 20 0 7 0 123456 999999 888 77`;
const status = (kb: number): string =>
  `Name:\tjava\nVmPeak:\t 9999999 kB\nVmHWM:\t 8888888 kB\nVmRSS:\t   ${kb} kB\nThreads:\t7\n`;

test('a name with blanks and brackets moves no field', () => {
  // 5 + 6 of its own and 70 + 8 of children it has waited for.
  expect(readProcess(stat(42, 'a) S 1 (b', 7, [5, 6, 70, 8]), status(2048))).toEqual({
    pid: 42,
    session: 7,
    ticks: 89,
    residentKb: 2048,
  });
});

test('a process that has ended and was not waited for has no memory, and what it used counts', () => {
  expect(readProcess(stat(43, 'sh', 7, [100, 0, 0, 0]), 'Name:\tsh\nState:\tZ (zombie)\n')).toMatchObject({
    ticks: 100,
    residentKb: 0,
  });
});

test('a session is the sum of its processes and of the children they have waited for; others are left out', () => {
  const all = [
    // Java: 2 s of its own, and 3 s of Python workers that have ended.
    readProcess(stat(10, 'java', 7, [150, 50, 250, 50]), status(300 * 1024)),
    // A worker that lives, in a group of its own and in the same session: 1 s.
    readProcess(stat(11, 'python', 7, [90, 10, 0, 0]), status(50 * 1024)),
    readProcess(stat(12, 'node', 8, [5000, 5000, 5000, 5000]), status(900 * 1024)),
  ];
  expect(sumOf(all, 7)).toEqual({ processorSeconds: 6, mb: 350 });
});
