import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Check, Finding } from '../app/doctor/check.ts';

/** What is looked at before anything is opened. */
export interface Machine {
  readonly dataDir: string;
  /** Of Node.js, `20.19.0`. */
  readonly version: string;
}

const OLDEST_NODE = [20, 19] as const;
const SECRET_FILES = ['ingest.secret', 'owner.token', 'vault.key'];
/** A batch of a large import needs as much for a moment. */
const LEAST_FREE_BYTES = 500_000_000;

const node: Check<Machine> = {
  id: 'node',
  required: true,
  async run({ version }) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
    if (isNew) return [{ ok: true, detail: `Node.js ${version}.` }];
    return [
      { ok: false, detail: `Node.js ${version} is too old.`, remedy: `Install ${OLDEST_NODE.join('.')} or newer.` },
    ];
  },
};

const directory: Check<Machine> = {
  id: 'data_directory',
  required: true,
  async run({ dataDir }) {
    if (statSync(dataDir, { throwIfNoEntry: false }) === undefined) {
      return [{ ok: true, detail: `${dataDir} is not there yet and is made now.` }];
    }
    if (!mayWrite(dataDir)) {
      const remedy = 'Name another with --data-dir or WELLSPRING_DATA_DIR, or change who may write there.';
      return [{ ok: false, detail: `${dataDir} cannot be written.`, remedy }];
    }
    return [
      openness(dataDir, 0o700) ?? { ok: true, detail: `${dataDir} can be written, and read by its owner alone.` },
    ];
  },
};

const secrets: Check<Machine> = {
  id: 'secret_files',
  required: true,
  async run({ dataDir }) {
    const files = SECRET_FILES.map((name) => join(dataDir, name));
    const open = files.map((file) => openness(file, 0o600)).filter((finding) => finding !== undefined);
    return open.length > 0 ? open : [{ ok: true, detail: 'Secret files can be read by their owner alone.' }];
  },
};

const disk: Check<Machine> = {
  id: 'disk',
  required: false,
  async run({ dataDir }) {
    const { bavail, bsize } = statfsSync(existing(dataDir));
    const detail = `${((bavail * bsize) / 1e9).toFixed(1)} GB are free.`;
    if (bavail * bsize >= LEAST_FREE_BYTES) return [{ ok: true, detail }];
    return [{ ok: false, detail, remedy: 'Make room: pushes are refused, not lost, while nothing can be written.' }];
  },
};

/** The checks of this machine and its data directory; they open and change nothing. */
export const machineChecks: readonly Check<Machine>[] = [node, directory, secrets, disk];

/** Undefined when nobody else may use it, or it is not there. Windows tells no modes of others: everything looks open there. */
function openness(path: string, mode: number): Finding | undefined {
  const found = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === 'win32' || (found & 0o077) === 0) return undefined;
  const remedy = `chmod ${mode.toString(8)} ${path}`;
  return {
    ok: false,
    detail: `${path} is open to other users of this machine (mode ${(found & 0o777).toString(8)}).`,
    remedy,
  };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(join(path, '.'), constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function existing(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined && dirname(path) !== path
    ? existing(dirname(path))
    : path;
}
