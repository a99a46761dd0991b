import { existsSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

/** The way files are laid out; tables laid out another way are made anew from raw. */
export const SCHEMA = 4;

const file = z.object({
  /** Below the engine's directory, `/`-joined. */
  path: z.string(),
  /** Of the values of the partition column (`bucketOf`); null for rows without one and for tables that are one file. */
  bucket: z.string().nullable(),
  /** What all days of its rows begin with, as `periods.ts` says; null for rows without a day and for tables without days. */
  period: z.string().nullable(),
  rows: z.number(),
});

const table = z.object({
  /** The partition column; null: the table is one file. */
  partition: z.string().nullable(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  files: z.array(file),
  /** Of the model that made the rows; absent for what the engine itself keeps. */
  version: z.string().optional(),
});

/** Raw documents of one date, as `bronze.ts` keeps them. */
const documentFile = z.object({
  /** Below the engine's directory, `/`-joined. */
  path: z.string(),
  date: z.string(),
  rows: z.number(),
  bytes: z.number(),
});

const manifest = z.object({
  schema: z.literal(SCHEMA),
  batch_id: z.string(),
  previous: z.string().nullable(),
  started_ms: z.number(),
  finished_ms: z.number(),
  model_version: z.string(),
  readers_version: z.string(),
  tables: z.record(z.string(), table),
  /** The documents the tables were made from; those of batches before there was this are read from raw. */
  documents: z.array(documentFile).default([]),
});

const ofAnySchema = z.object({ schema: z.number() });

/** Every file of every table of one published batch; the file `current` names the one that counts. */
export type Manifest = z.infer<typeof manifest>;
export type StoredTable = z.infer<typeof table>;
export type StoredFile = z.infer<typeof file>;
export type DocumentFile = z.infer<typeof documentFile>;

const manifestPath = (directory: string, batchId: string): string =>
  path.join(directory, 'manifests', `${batchId}.json`);

/** The id of the published batch, undefined before the first. */
export function currentBatch(directory: string): string | undefined {
  const pointer = path.join(directory, 'current');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : undefined;
}

/** The manifest of a batch, undefined when it is gone or of another schema. */
export function readManifest(directory: string, batchId: string): Manifest | undefined {
  const at = manifestPath(directory, batchId);
  if (!existsSync(at)) return undefined;
  const read: unknown = JSON.parse(readFileSync(at, 'utf8'));
  return ofAnySchema.parse(read).schema === SCHEMA ? manifest.parse(read) : undefined;
}

/** The manifest the pointer names, undefined before the first batch. */
export function currentManifest(directory: string): Manifest | undefined {
  const batchId = currentBatch(directory);
  return batchId === undefined ? undefined : readManifest(directory, batchId);
}

/** Ids of all manifests on disk, published or not. */
export async function manifestIds(directory: string): Promise<readonly string[]> {
  const folder = path.join(directory, 'manifests');
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
}

/** Makes a file's bytes, or a directory's names, durable. */
export async function syncPath(at: string): Promise<void> {
  const handle = await open(at, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDurably(at: string, text: string): Promise<void> {
  const handle = await open(at, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a manifest, and the pointer to it beside the pointer that counts. */
export async function prepareManifest(directory: string, made: Manifest): Promise<void> {
  const folder = path.join(directory, 'manifests');
  await mkdir(folder, { recursive: true });
  await writeDurably(manifestPath(directory, made.batch_id), `${JSON.stringify(made)}\n`);
  await syncPath(folder);
  await writeDurably(path.join(directory, 'current.next'), `${made.batch_id}\n`);
}

/** The one rename that publishes: before it readers see the old tables, after it the new ones. */
export function switchPointer(directory: string): void {
  renameSync(path.join(directory, 'current.next'), path.join(directory, 'current'));
}
