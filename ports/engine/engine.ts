import type { ListedObject } from '../objects/objects.ts';

/** What the engine knows of a raw object: `unread` waits for somebody to connect its account. */
export type Intake = 'read' | 'unread';

/** A raw object to take in: its key and its bytes as stored (one CloudEvents document). */
export interface RawInput {
  readonly key: string;
  readonly document: Uint8Array;
}

export interface BatchRequest {
  readonly batchId: string;
  /** Unix ms; only `updated_at`, `started_at` and their like show it. */
  readonly now: number;
  /** Objects not taken in yet; their order has no meaning. */
  readonly objects: readonly RawInput[];
  /** Fetches the bytes of an object whose key alone is known. */
  readonly load: (key: string) => Promise<Uint8Array | undefined>;
  /** People to recompute besides those the objects touch; `all` for everybody. */
  readonly also?: readonly string[] | 'all';
  /** Makes `change` (the rename of the pointer) happen only while the batch lease is held; false when it was lost. */
  readonly commit: (change: () => void) => Promise<boolean>;
  /** Told each step's name as it is done; the crash tests kill here. */
  readonly onStep?: (step: string) => void;
}

/** Everything anew: what is kept of objects that are not listed counts for nothing. */
export interface RebuildRequest extends Omit<BatchRequest, 'objects' | 'also'> {
  /** All raw objects there are. Documents the engine keeps are not asked for again. */
  readonly listed: AsyncIterable<ListedObject> | Iterable<ListedObject>;
}

export interface BatchResult {
  /** The batch these figures are of; the last published one (null when there is none) when there was nothing to do. */
  readonly batchId: string | null;
  /** False when there was nothing to do, and nothing was written. */
  readonly published: boolean;
  readonly objects: number;
  readonly observations: number;
  readonly quarantined: number;
  readonly days: number;
  readonly users: readonly string[];
  readonly tables: Readonly<Record<string, number>>;
}

/** One changed cell between what is published and what raw says now. */
export interface CellChange {
  readonly table: string;
  readonly column: string;
  readonly user_id: string | null;
  readonly local_date: string | null;
  readonly metric: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly model: string;
}

/** What is to be as if it had never been: all of these people and accounts, and single objects of accounts that stay. */
export interface Erasure {
  readonly users: readonly string[];
  readonly accounts: readonly string[];
  /** Raw keys. */
  readonly keys: readonly string[];
}

/** One published table of one person, as a file's bytes: read them before the next one is asked for. */
export interface Extract {
  readonly table: string;
  readonly format: 'parquet' | 'csv';
  /** Which of several files of the table, from 1; absent where there is one. */
  readonly part?: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** How an erasure is gone about, which in some places takes longer than whoever asks for it may wait. */
export interface ErasureTerms extends Pick<BatchRequest, 'batchId' | 'now' | 'commit'> {
  /** Since when it is asked for, Unix ms: what was begun for it since then is gone on with; all of it is begun anew when absent. */
  readonly askedAt?: number;
  /** Ends the waiting; what was begun goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs the transform: records, models, staged tables, audits, switch (data.md 7 and 8). */
export interface Engine {
  /** Keys taken in by finished batches, from raw date `from` (`YYYY-MM-DD`) on. */
  known(from?: string): Promise<ReadonlyMap<string, Intake>>;
  /** The end of the last finished batch, Unix ms; undefined before the first. */
  lastFinished(): Promise<number | undefined>;
  /** Whether the tables were made by other models than there are now: a run without objects then makes anew what these change. */
  isOutdated(): Promise<boolean>;
  /** Takes the objects in and publishes; nothing is visible before the one rename, all of it after. */
  run(request: BatchRequest): Promise<BatchResult>;
  /** Recomputes from raw alone and answers what would change; publishes nothing. */
  compare(request: Omit<RebuildRequest, 'commit'>, from?: string): Promise<readonly CellChange[]>;
  /** Recomputes from raw alone and publishes the result in place of everything before. */
  rebuild(request: RebuildRequest): Promise<BatchResult>;
  /** Rows an erasure would take out, by table. */
  countErasure(erasure: Erasure): Promise<Readonly<Record<string, number>>>;
  /**
   * Takes rows out of every table by one switch and removes what older batches left of them at once, under readers too; everybody
   * else's rows stay as they are. Computes nothing: `terms.commit` as in a batch. Safe to repeat.
   * Throws `erasure_unfinished` where it goes on by itself and is to be asked for again.
   */
  erase(erasure: Erasure, terms: ErasureTerms): Promise<void>;
  /** One person's rows of every published table that is about people, each as Parquet and as CSV, as of one batch. */
  extract(userId: string): AsyncIterable<Extract>;
  close(): Promise<void>;
}
