/** Takes bytes in order; resolves when it is ready for more. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/** Built exports of people, each for a day. */
export interface Exports {
  /** Keeps what `build` writes, whole or not at all. */
  keep(userId: string, id: string, build: (sink: Sink) => Promise<unknown>): Promise<void>;
  /** The bytes of a built export; undefined when there is none (yet, or any more). */
  open(userId: string, id: string): Promise<ReadableStream<Uint8Array> | undefined>;
  /** An address that answers the file without signing in, for some minutes; absent where answers may be as large as a file. */
  link?(userId: string, id: string): Promise<string | undefined>;
  /** Removes one; one that is not there is no error. */
  remove(userId: string, id: string): Promise<void>;
  /** Removes those older than a day; answers how many. */
  dropOld(): Promise<number>;
}
