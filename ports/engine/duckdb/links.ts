import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest, StoredFile } from './manifest.ts';

/** Names the batch whose tables the folders show; written last, so that links a crash left half made are made again. */
const MARK = '.batch';

/** Shows the published tables as plain folders of Parquet files (hard links), for tools that know nothing of manifests. */
export async function linkTables(
  directory: string,
  tables: string,
  manifest: Manifest,
  published: ReadonlySet<string>,
): Promise<void> {
  const mark = path.join(tables, MARK);
  const shown = await readFile(mark, 'utf8').catch(() => '');
  if (shown === manifest.batch_id) return;
  await mkdir(tables, { recursive: true });
  for (const [name, table] of Object.entries(manifest.tables)) {
    if (!published.has(name)) continue;
    const fresh = path.join(tables, `.${name}.next`);
    await rm(fresh, { recursive: true, force: true });
    const toOf = (file: StoredFile): string => path.join(fresh, path.relative(name, file.path));
    const folders = new Set(table.files.map((file) => path.dirname(toOf(file))));
    await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true })));
    for (const file of table.files) await link(path.join(directory, file.path), toOf(file));
    const old = path.join(tables, `.${name}.old`);
    await rm(old, { recursive: true, force: true });
    await rename(path.join(tables, name), old).catch(() => undefined);
    await rename(fresh, path.join(tables, name));
    await rm(old, { recursive: true, force: true });
  }
  await writeFile(mark, manifest.batch_id);
}
