import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { currentManifest, manifestIds, readManifest, type Manifest } from './manifest.ts';

/** How long a reader may go on with the tables of a batch that is no longer the last one. */
const GRACE_MS = 10 * 60 * 1000;

/** Whoever still reads older tables is cut off. */
export const NO_GRACE = Number.NEGATIVE_INFINITY;

/** The published manifests that readers may still use: the current one and those that were current within the grace. */
function keptManifests(directory: string, now: number, graceMs: number): readonly Manifest[] {
  const kept: Manifest[] = [];
  let next = currentManifest(directory);
  let replacedMs = Number.POSITIVE_INFINITY;
  while (next !== undefined && replacedMs >= now - graceMs) {
    kept.push(next);
    replacedMs = next.finished_ms;
    next = next.previous === null ? undefined : readManifest(directory, next.previous);
  }
  return kept;
}

/** Everything a manifest names. */
function pathsOf({ tables, documents }: Manifest): readonly string[] {
  return [...Object.values(tables).flatMap(({ files }) => files), ...documents].map((file) => file.path);
}

/**
 * Removes what no reader can need: files of manifests past their grace, and everything a batch that died left behind.
 * Only the holder of the batch lease may call it. `NO_GRACE` leaves the published batch alone.
 */
export async function removeLitter(directory: string, now: number, graceMs: number = GRACE_MS): Promise<void> {
  const kept = keptManifests(directory, now, graceMs);
  const ids = new Set(kept.map((manifest) => manifest.batch_id));
  for (const id of await manifestIds(directory)) {
    if (!ids.has(id)) await rm(path.join(directory, 'manifests', `${id}.json`), { force: true });
  }
  const needed = new Set(kept.flatMap(pathsOf));
  for (const folder of ['staging', 'spill']) await rm(path.join(directory, folder), { recursive: true, force: true });
  if (!existsSync(directory)) return;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.parquet')) continue;
    const at = path.join(entry.parentPath, entry.name);
    if (!needed.has(path.relative(directory, at).replaceAll('\\', '/'))) await rm(at, { force: true });
  }
}
