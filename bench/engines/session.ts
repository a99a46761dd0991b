import { readdirSync, readFileSync } from 'node:fs';

/** One process as Linux tells of it (`man 5 proc_pid_stat`), as far as it is asked. */
export interface Process {
  readonly pid: number;
  /** That of the process that called `setsid`; processes it starts keep it, also those in groups of their own. */
  readonly session: number;
  /** Of its own and of the children it has waited for, in ticks. */
  readonly ticks: number;
  readonly residentKb: number;
}

/** Ticks a second: Linux tells every program 100 (`getconf CLK_TCK`), whatever it counts in itself. */
const HZ = 100;

/** Reads `/proc/<pid>/stat` and `/proc/<pid>/status`; a process that has ended and was not waited for has no memory. */
export function readProcess(stat: string, status: string): Process {
  // The name stands in brackets and may hold any character: what follows is counted from the last one. The state is field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(stat, 10),
    session: field(6),
    // User and system, then both of children: what a worker of Spark used stands with its parent when it has ended.
    ticks: field(14) + field(15) + field(16) + field(17),
    residentKb: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0),
  };
}

/** What a session holds and has used by now, but for processes whose parent ended before them: nobody waits for those. */
export function sumOf(all: readonly Process[], session: number): { processorSeconds: number; mb: number } {
  const members = all.filter((one) => one.session === session);
  const sum = (of: (one: Process) => number): number => members.reduce((total, one) => total + of(one), 0);
  return { processorSeconds: sum(({ ticks }) => ticks) / HZ, mb: sum(({ residentKb }) => residentKb) / 1024 };
}

/** Every process there is; one that ends meanwhile is left out. */
export function processes(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [readProcess(readFileSync(`/proc/${name}/stat`, 'utf8'), readFileSync(`/proc/${name}/status`, 'utf8'))];
    } catch {
      return [];
    }
  });
}
