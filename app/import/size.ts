import type { Refusal } from '../import.ts';
import type { Runtime } from '../runtime.ts';

/** Where nobody says otherwise: a CSV file of 50 MB was measured to take 1.2 GB while it is read, JSON of that size 0.4 GB. */
const MOST_BYTES = 50_000_000;

/** The largest file that can be imported here, in bytes. */
export function mostBytes({ importBytes }: Pick<Runtime, 'importBytes'>): number {
  return importBytes ?? MOST_BYTES;
}

/** Why a file of that size cannot be imported here; undefined for one that can. */
export function tooLargeHere(runtime: Pick<Runtime, 'importBytes'>, bytes: number): Omit<Refusal, 'file'> | undefined {
  const most = mostBytes(runtime);
  if (bytes <= most) return undefined;
  return {
    code: 'too_large_here',
    detail: `It has ${Math.ceil(bytes / 1_000_000)} MB; files are read whole, and ${Math.floor(most / 1_000_000)} MB fit here.`,
    remedy: 'Export a shorter time, or import it with the command line, on a machine with more memory.',
  };
}
