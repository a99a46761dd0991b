import type { Sink } from '../ports/exports/exports.ts';
import { listConnections } from './connections.ts';
import { createArchive, type Entry } from './export/archive.ts';
import { readme } from './export/readme.ts';
import { survey } from './export/theirs.ts';
import { findUser } from './people.ts';
import type { Runtime } from './runtime.ts';

export type ExportRuntime = Pick<Runtime, 'objects' | 'state' | 'clock' | 'warehouse'> & {
  readonly engine: Pick<Runtime['engine'], 'extract'>;
};

/** Writes everything of one person as a ZIP file to `sink`, block by block; answers its files. Throws `unknown_user`, `export_too_large`. */
export async function exportPerson(runtime: ExportRuntime, userId: string, sink: Sink): Promise<readonly Entry[]> {
  const { objects, engine, clock } = runtime;
  const user = await findUser(runtime, userId);
  const archive = createArchive(sink, clock.now());
  const at = new Date(clock.now()).toISOString();
  await archive.add('README.txt', [Buffer.from(readme(user.name, at))]);
  const connections = await listConnections(runtime, user.user_id);
  await archive.add('connections.json', [json({ user, connections })]);
  for await (const { table, format, part, bytes } of engine.extract(user.user_id)) {
    await archive.add(`tables/${table}${part === undefined ? '' : `-${part}`}.${format}`, bytes);
  }
  for (const key of await survey(runtime, user.user_id)) {
    const bytes = await objects.get(key);
    if (bytes !== undefined) await archive.add(key, [bytes]);
  }
  const files = [...archive.entries];
  await archive.add('manifest.json', [json({ schema: 1, user_id: user.user_id, exported_at: at, files })]);
  await archive.end();
  return files;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
