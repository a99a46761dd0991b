import type { Metadata } from './metadata.ts';

/** Where the files of tables are, by addresses `s3://bucket/key`. Drivers throw PortErrors. */
export interface Storage {
  read(address: string): Promise<Uint8Array>;
  /** Writes a file under a name nothing else has. */
  write(address: string, bytes: Uint8Array): Promise<void>;
  /** The files whose address starts so, with the time of their writing in Unix ms. */
  list(start: string): AsyncIterable<{ readonly address: string; readonly writtenAt: number }>;
  /** Removes files; those that are not there count as removed. */
  remove(addresses: readonly string[]): Promise<void>;
}

/** The one pointer a table has: the catalog's entry that names its metadata file. */
export interface Pointers {
  /** The names of the catalog's Iceberg tables. */
  names(): Promise<readonly string[]>;
  /** The address of a table's metadata file; undefined when there is no such table. */
  find(name: string): Promise<string | undefined>;
  /** False when there is one of that name already. */
  create(name: string, next: Pointed): Promise<boolean>;
  /** Turns the pointer in one step; `commit_conflict` when it no longer points to `from`. */
  turn(name: string, from: string, next: Pointed): Promise<void>;
}

/** A metadata file and what the catalog shows of it. */
export interface Pointed {
  readonly address: string;
  readonly metadata: Metadata;
}
