import type { Sink } from './archive.ts';

/** Built exports of people, each for a day: the driver of one machine keeps them below its data directory. */
export interface Exports {
  /** Keeps what `build` writes, whole or not at all. */
  keep(userId: string, id: string, build: (sink: Sink) => Promise<unknown>): Promise<void>;
  /** The bytes of a built export; undefined when there is none (yet, or any more). */
  open(userId: string, id: string): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Removes those older than a day; answers how many. */
  dropOld(): Promise<number>;
}
