/** An object as a listing shows it: its key and its size in bytes. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was written, Unix ms; absent where listings do not tell. */
  readonly storedAt?: number;
}

/**
 * Immutable bytes under keys such as `raw/2026-11-20/garmin/a_…/dailies-….json`.
 * Keys are `/`-joined segments of `[A-Za-z0-9._=@+-]`, none of them `.` or `..`; any other key throws `invalid_key`.
 */
export interface Objects {
  /** Durable when it returns, also when it answers `duplicate`. The bytes of an existing key never change. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<'stored' | 'duplicate'>;
  /** The bytes, or undefined when there is no such key. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys below `prefix` in ascending byte order, those greater than `after` only. */
  list(prefix: string, options?: { readonly after?: string }): AsyncIterable<ListedObject>;
  /** Removes the key in all versions; a key that is not there is no error. */
  delete(key: string): Promise<void>;
}
