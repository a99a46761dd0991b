/** A stored record: `version` starts at 1 and grows by one with every write. */
export interface Versioned<T> {
  readonly id: string;
  readonly value: T;
  readonly version: number;
}

/** `expect` is the version the writer has seen; 0 means "there must be none". Without it the write is unconditional. */
export interface PutOptions {
  readonly expect?: number;
  /** Unix ms; a record past its time is never read again. */
  readonly expiresAt?: number;
}

export type PutResult =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly reason: 'conflict' };

/** A record as it lies there, whatever its kind. */
export interface StoredRecord {
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
}

/** A held lease. `fence` grows with every change of holder: a writer with an older fence has lost. */
export interface Lease {
  readonly name: string;
  readonly fence: number;
  /** Extends the lease by its time to live; false when it was lost. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

export type LeaseResult =
  | { readonly ok: true; readonly lease: Lease }
  | { readonly ok: false; readonly holder: string };

/** Small typed records of a kind (`user`, `connection`, `session`, …), compare-and-swap, and leases with fencing. */
export interface State {
  get<T>(kind: string, id: string): Promise<Versioned<T> | undefined>;
  /** Records of a kind in ascending order of id, those whose id starts with `prefix`. */
  list<T>(kind: string, prefix?: string): Promise<readonly Versioned<T>[]>;
  put(kind: string, id: string, value: unknown, options?: PutOptions): Promise<PutResult>;
  delete(kind: string, id: string, options?: { readonly expect?: number }): Promise<PutResult>;
  /** Adds one to a counter and returns it; the first answer is 1. */
  next(counter: string): Promise<number>;
  /** `ttlMs` bounds how long a silent holder keeps it; a holder known to be dead loses it at once. */
  acquire(name: string, options: { readonly ttlMs: number }): Promise<LeaseResult>;
  /** Runs `change` only while `lease` is still held, in the transaction that checks it; false when it was lost. */
  whileHeld(lease: Lease, change: () => void): Promise<boolean>;
  /** Removes records past their time, which nobody reads any more; answers how many. */
  dropExpired(): Promise<number>;
  /** Every record there is, expired ones too: for whoever has to know all that is kept of somebody. */
  everything(): Promise<readonly StoredRecord[]>;
  /** Drops leases nobody holds whose name contains one of `words`, and overwrites what deletions and changes left of old bytes. */
  scrub(words: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
