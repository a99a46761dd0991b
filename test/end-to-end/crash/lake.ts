import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readManifest } from '../../../ports/engine/duckdb/manifest.ts';

const filesBelow = (directory: string): readonly string[] =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    : [];

/** Files below the lake that no published batch names, and folders for other tools that show anything but the published batch. */
export function litter(dataDir: string): readonly string[] {
  const lake = join(dataDir, 'lake');
  const tables = join(dataDir, 'tables');
  const current = readFileSync(join(lake, 'current'), 'utf8').trim();
  const named = new Set(['current']);
  const shown = new Set(['.batch']);
  for (let id: string | null = current; id !== null;) {
    const manifest = readManifest(lake, id);
    named.add(`manifests/${id}.json`);
    const files = Object.values(manifest?.tables ?? {}).flatMap((table) => table.files.map((file) => file.path));
    const documents = manifest?.documents ?? [];
    for (const file of [...files, ...documents.map(({ path }) => path)]) named.add(file);
    if (id === current) for (const file of files) shown.add(file);
    id = manifest?.previous ?? null;
  }
  const unnamed = filesBelow(lake).filter((file) => !named.has(file));
  const stale = filesBelow(tables).filter((file) => !shown.has(file));
  return [...unnamed, ...stale];
}
