import type { Bus } from '../../bus/bus.ts';
import type { Clock } from '../../clock/clock.ts';
import type { IcebergCatalog } from '../../iceberg/iceberg.ts';
import type { Ids } from '../../ids/ids.ts';
import type { Objects } from '../../objects/objects.ts';
import type { RunRecord } from '../run.ts';
import type { Place } from './place.ts';

export interface SmallEngineOptions {
  readonly objects: Objects;
  readonly catalog: IcebergCatalog;
  /** The same tables for one comparison, which commits to what only it sees. */
  readonly aside: () => IcebergCatalog;
  readonly place: Place;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly modelsDirectory: string;
  /** A directory of its own for copies of data files and what outgrows memory; each run empties it. */
  readonly scratch: string;
  /** Whether single samples become rows too, else their table is emptied; true when absent. */
  readonly samples?: boolean;
  /** How long what tables were before can be read; 7 when absent. */
  readonly historyDays?: number;
  /** As DuckDB says it. */
  readonly memory?: string;
  /** Records of which tables are computed at a time, unless one family has more; `WAVE_RECORDS` when absent. */
  readonly waveRecords?: number;
  /** What is read at a time. */
  readonly portion?: { readonly objects: number; readonly bytes: number };
}

export interface SmallRequest {
  /** Whether no other run may have begun meanwhile; asked before every write. */
  readonly isHeld: () => Promise<boolean>;
  /** Ends what is being computed; the next run goes on from what is stored. */
  readonly signal?: AbortSignal;
}

/** What a rebuild would change of one table, in rows. */
export interface Difference {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** What a comparison found; some cells of each table stand below `runs/<batch_id>/changed/`. */
export interface Comparison {
  readonly batch_id: string;
  /** Raw objects that were read. */
  readonly objects: number;
  /** The tables that differ. */
  readonly tables: Readonly<Record<string, Difference>>;
}

/** Runs batches over raw objects and the Iceberg tables the jobs of the other engine keep, by the same protocol; one run at a time. */
export interface SmallEngine {
  /**
   * Takes in what is stored and publishes it, with `anew` all of raw whatever was read of it before; undefined when there was nothing to do, and nothing was written. Throws `too_large_for_small`,
   * `lease_lost`, `event_refused`, and what models and ports throw.
   */
  run(request: SmallRequest & { readonly anew?: boolean }): Promise<RunRecord | undefined>;
  /** Makes everything anew from raw and answers how what people query would change; commits nothing. Throws as `run` does. */
  compare(request: SmallRequest): Promise<Comparison>;
}
