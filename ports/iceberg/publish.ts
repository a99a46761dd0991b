import { printJson } from './bigints.ts';
import type { Metadata } from './metadata.ts';
import type { Pointers, Storage } from './storage.ts';

/** How Iceberg counts when the table does not say. */
const PREVIOUS = 100;

/** A table as it was loaded: its metadata and where that lies. */
export interface Loaded {
  readonly name: string;
  readonly address: string;
  readonly metadata: Metadata;
}

/**
 * Writes the next metadata file and turns the table's pointer to it: the one step readers see. `commit_conflict` when the pointer has
 * moved since the table was loaded. Then removes the metadata files that have fallen off the log, where the table says so.
 */
export async function publish(
  { name, address: from, metadata: before }: Loaded,
  changed: Metadata,
  to: { readonly storage: Storage; readonly pointers: Pointers; readonly unique: () => string },
): Promise<Loaded> {
  const { properties, location } = changed;
  const log = [...before['metadata-log'], { 'timestamp-ms': before['last-updated-ms'], 'metadata-file': from }];
  const most = Math.max(1, Number(properties['write.metadata.previous-versions-max'] ?? PREVIOUS));
  const metadata = { ...changed, 'metadata-log': log.slice(-most) };
  const address = addressOf(location, versionOf(from) + 1, to.unique());
  await to.storage.write(address, Buffer.from(printJson(metadata)));
  await to.pointers.turn(name, from, { address, metadata });
  if (properties['write.metadata.delete-after-commit.enabled'] === 'true') {
    const fallen = log.slice(0, -most).map((one) => one['metadata-file']);
    // It is committed, whatever becomes of them: what stays is swept.
    await to.storage.remove(fallen).catch(() => undefined);
  }
  return { name, address, metadata };
}

/** Where a metadata file lies, by its number and a unique name. */
export function addressOf(location: string, version: number, unique: string): string {
  return `${location}/metadata/${String(version).padStart(5, '0')}-${unique}.metadata.json`;
}

function versionOf(address: string): number {
  const [, digits] = /\/(\d+)-[^/]*$/.exec(address) ?? [];
  return digits === undefined ? -1 : Number(digits);
}
