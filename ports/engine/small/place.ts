/** The bucket of the lake beside its tables' metadata: data files, markers and the records of runs. */
export interface Place {
  /** Keys below a prefix, in order. */
  list(prefix: string): Promise<readonly string[]>;
  /** The text of a key; undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  /** `passing`: it holds values, and a rule of the bucket ends it after a month. */
  write(key: string, text: string, options?: { readonly passing?: boolean }): Promise<void>;
  /** The bytes of a key in blocks; undefined where there is none. */
  stream(key: string): Promise<AsyncIterable<unknown> | undefined>;
  /** Copies a local file to a key. */
  put(from: string, key: string, options?: { readonly passing?: boolean }): Promise<void>;
  remove(key: string): Promise<void>;
  /** Copies a data file (`s3://…`) into a local one. */
  fetch(address: string, to: string): Promise<void>;
  /** Copies a local file to an address (`s3://…`). */
  send(from: string, address: string): Promise<void>;
}
