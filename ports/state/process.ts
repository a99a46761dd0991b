import { readFileSync, readlinkSync } from 'node:fs';
import { systemCode } from '../files/files.ts';

/** A process as another one can recognise it. Empty texts where the system does not tell. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's ticks: tells it from a later process with the same id. */
  readonly started: string;
  /** The boot of the machine it lives in. */
  readonly boot: string;
  /** The pid namespace: containers on one machine number their processes apart. */
  readonly namespace: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    started: statOf('self')?.started ?? '',
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    namespace: namespaceOf(),
  };
}

/**
 * Whether a process is known to be gone. SQLite in WAL mode lives on one machine, so another boot means an earlier one;
 * another pid namespace cannot be judged from here. Without /proc (macOS, Windows) a process id in use counts as alive.
 */
export function isGone(holder: ProcessIdentity): boolean {
  const me = thisProcess();
  if (holder.boot !== me.boot) return holder.boot !== '' && me.boot !== '';
  if (holder.namespace !== me.namespace) return false;
  if (!exists(holder.pid)) return true;
  const stat = statOf(holder.pid);
  if (stat === undefined) return false;
  // A zombie has ended; only its parent has not noticed yet.
  return stat.started !== holder.started || ['Z', 'X'].includes(stat.state);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/** Fields 3 and 22 of proc_pid_stat(5), counted behind the command in parentheses, which may itself hold spaces and parentheses. */
function statOf(pid: number | 'self'): { readonly state: string; readonly started: string } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
