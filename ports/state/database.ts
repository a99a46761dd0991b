import Database from 'libsql';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { PortError } from '../errors.ts';
import { storageError } from '../files/failure.ts';

/** How long a statement waits for another process's transaction; all of ours last milliseconds. */
const BUSY_TIMEOUT_MS = 5000;

const SCHEMA_VERSION = 1;

const SCHEMA = `
  create table records (
    kind text not null, id text not null, value text not null, version integer not null, expires_at integer,
    primary key (kind, id)
  ) strict, without rowid;
  create table counters (name text primary key, value integer not null) strict, without rowid;
  create table leases (
    name text primary key, fence integer not null, expires_at integer not null,
    pid integer not null, started text not null, boot text not null, namespace text not null
  ) strict, without rowid;
  pragma user_version = ${SCHEMA_VERSION};
`;

type Value = string | number | null;

/** A row by column name. */
export type StateRow = Readonly<Record<string, Value>>;

/** One connection to the state's file. */
export interface StateDatabase {
  rows(sql: string, values: readonly Value[]): readonly StateRow[];
  run(sql: string, values: readonly Value[]): void;
  /** Runs `work` in a transaction that holds the write lock from its start; an error rolls it back. */
  transaction<T>(work: () => T): T;
  /** Leaves nothing in the file or its journal that no row holds; `state_locked` while somebody reads an older state. */
  scrub(): void;
  close(): void;
}

/** Opens or makes the file, readable by its owner only. Throws `state_locked`, `state_damaged`, `state_too_new` or `state_failed`. */
export function openDatabase(file: string): StateDatabase {
  const database = guarded(() => connect(file));
  let open = true;
  const use = <T>(work: () => T): T => {
    if (!open) throw new PortError('state_closed', 'The state was used after it was closed.');
    return guarded(work);
  };
  return {
    rows: (sql, values) =>
      use(() =>
        database
          .prepare(sql)
          .all([...values])
          .filter(isRow),
      ),
    run: (sql, values) => void use(() => database.prepare(sql).run([...values])),
    transaction: (work) => use(() => inTransaction(database, work)),
    scrub: () => use(() => scrub(database)),
    close: () => {
      if (open) database.close();
      open = false;
    },
  };
}

function isRow(row: unknown): row is StateRow {
  return typeof row === 'object' && row !== null;
}

function connect(file: string): Database.Database {
  makePrivate(file);
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  database.pragma('journal_mode = wal');
  database.pragma('synchronous = full');
  // What is deleted or changed is overwritten, not only forgotten about.
  database.pragma('secure_delete = on');
  if (versionOf(database) === 0) {
    // Asked again under the lock: two first starts at once must not both make the tables.
    inTransaction(database, () => versionOf(database) === 0 && database.exec(SCHEMA));
  }
  const version = versionOf(database);
  if (version === SCHEMA_VERSION) return database;
  database.close();
  throw new PortError('state_too_new', `The state was written by a newer version (${version}).`, {
    remedy: 'Use the newer version of the program, or another data directory.',
  });
}

/** SQLite gives its journal files the mode of the database file. */
function makePrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw storageError(error);
  }
}

function versionOf(database: Database.Database): number {
  const [row] = database.prepare('pragma user_version').all([]).filter(isRow);
  return Number(row?.['user_version']);
}

function inTransaction<T>(database: Database.Database, work: () => T): T {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    // A full disk has rolled back by itself.
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

/** The file is written anew, then the journal cut to nothing: both hold old pages until then. */
function scrub(database: Database.Database): void {
  database.exec('vacuum');
  const [row] = database.prepare('pragma wal_checkpoint(truncate)').all([]).filter(isRow);
  if (Number(row?.['busy']) === 0) return;
  throw new PortError('state_locked', 'Another process reads the state, so its journal could not be emptied.', {
    remedy: 'Try again when it has finished.',
  });
}

const CODES: Readonly<Record<string, readonly [code: string, message: string, remedy: string]>> = {
  BUSY: ['state_locked', 'Another process holds the state.', 'Try again when it has finished.'],
  LOCKED: ['state_locked', 'Another process holds the state.', 'Try again when it has finished.'],
  FULL: ['state_full', 'The disk is full.', 'Free some space.'],
  NOTADB: ['state_damaged', 'The state is not a database.', 'Restore state.db from a backup.'],
  CORRUPT: ['state_damaged', 'The state is damaged.', 'Restore state.db from a backup.'],
  READONLY: ['state_refused', 'The state cannot be written.', 'Give this user write access to the data directory.'],
};

/** SQLite's errors become the port's; what a caller's own work threw passes unchanged. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error instanceof PortError) throw error;
    const system = /^SQLITE_([A-Z]+)/.exec(String(error.code))?.[1];
    if (system === undefined) throw error;
    const [code, message, remedy] = CODES[system] ?? ['state_failed', 'The state failed.', 'Check the disk.'];
    throw new PortError(code, message, { remedy, cause: error });
  }
}
