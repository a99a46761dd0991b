import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mark that tells a process from a later one with the same id (containers reuse them); empty where the system has none. */
function startOf(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc_pid_stat(5); the name in field 2 may hold spaces, so count from its closing bracket.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not noticed yet.
    return state === 'Z' ? 'ended' : `${boot}/${fields[18]}`;
  } catch {
    return '';
  }
}

/** One line of an owner file: `<pid> <start>`. */
const lineOf = (pid) => `${pid} ${startOf(pid)}\n`;

function runs(line) {
  const [pid = '', start = ''] = line.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return start === '' || startOf(pid) === start;
}

/** The owner file's text, undefined while there is none. */
function readOwner(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** An owner lives while the process or the one it started lives. */
const isAlive = (owner) => owner.trim().split('\n').some(runs);

function tryMake(directory, prepared) {
  try {
    // A directory cannot replace one that holds something: the rename is the race, and one start wins it.
    renameSync(prepared, directory);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code)) return false;
    throw error;
  }
}

/** Takes the lock of an owner known to be dead; the marker `taking` lets one heir at a time look and write. */
function inherit(directory, dead, mine) {
  const taking = join(directory, 'taking');
  try {
    writeFileSync(taking, mine, { flag: 'wx' });
  } catch {
    const heir = readOwner(taking);
    if (heir && !isAlive(heir)) rmSync(taking, { force: true });
    return false;
  }
  const same = readOwner(join(directory, 'owner')) === dead;
  if (same) {
    writeFileSync(join(directory, `owner.${process.pid}`), mine);
    renameSync(join(directory, `owner.${process.pid}`), join(directory, 'owner'));
  }
  rmSync(taking, { force: true });
  return same;
}

/**
 * Waits until this process alone holds the lock `directory`; answers what gives it back.
 * `onWait(pid)` is called once when another live process holds it; a dead owner's lock is taken over at once.
 */
export async function lock(directory, onWait) {
  const mine = lineOf(process.pid);
  const prepared = `${directory}.${process.pid}`;
  let told = false;
  for (;;) {
    rmSync(prepared, { recursive: true, force: true });
    mkdirSync(prepared);
    writeFileSync(join(prepared, 'owner'), mine);
    if (tryMake(directory, prepared)) break;
    rmSync(prepared, { recursive: true, force: true });
    const owner = readOwner(join(directory, 'owner'));
    if (owner && !isAlive(owner)) {
      if (inherit(directory, owner, mine)) break;
    } else if (owner && !told) {
      told = true;
      onWait(Number.parseInt(owner, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    /** Holds the lock also while this process lives: what we started may outlive us. */
    alsoFor(pid) {
      appendFileSync(join(directory, 'owner'), lineOf(pid));
    },
    release() {
      renameSync(directory, prepared);
      rmSync(prepared, { recursive: true, force: true });
    },
  };
}
