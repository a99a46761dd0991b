/** A file being written: nothing of it is durable before `sync` has returned. */
export interface WritableFile {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is at a path, symbolic links not followed. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'other';
  readonly bytes: number;
  readonly modifiedMs: number;
}

/**
 * The steps a durable write is made of, each on its own, so that a test can watch their order, fail one or stop at one.
 * Errors are the system's own (`code`: `EEXIST`, `ENOSPC`, …).
 */
export interface Files {
  /** Opens a new file for writing; `EEXIST` when the path is taken. */
  create(path: string): Promise<WritableFile>;
  /** Gives a file a second name; `EEXIST` when that name is taken, without touching what has it. */
  link(path: string, name: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes one directory; `EEXIST` when the path is taken. */
  makeDirectory(path: string): Promise<void>;
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  /** The names in a directory, in no order. */
  names(path: string): Promise<readonly { readonly name: string; readonly kind: FileStatus['kind'] }[]>;
  /** In the order of the paths; undefined where there is nothing. */
  status(paths: readonly string[]): Promise<readonly (FileStatus | undefined)[]>;
  /** The path with every symbolic link followed; undefined when there is nothing. */
  realPath(path: string): Promise<string | undefined>;
}

/** The system's code of a file error (`ENOENT`, `ENOSPC`, …), undefined for any other value. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
