/** A secret text as kept: `generation` starts at 1 and grows by one with every replacement, also across a deletion. */
export interface Kept {
  readonly text: string;
  readonly generation: number;
}

export type ReplaceResult =
  | { readonly ok: true; readonly generation: number }
  | { readonly ok: false; readonly reason: 'conflict' };

/** Secrets by id (`connection/<id>`, `client/<provider>`), sealed at rest. A driver never logs a text, nor puts one into an error. */
export interface Vault {
  /** Undefined when there is none. Throws `vault_unreadable` when it cannot be opened: another key, or bytes somebody changed or moved. */
  read(id: string): Promise<Kept | undefined>;
  /** What `replace` expects, told without opening anything: also of a text nobody can open any more. 0 when there is none. */
  generation(id: string): Promise<number>;
  /** Durable when it resolves. `expect` is the generation the writer has seen, 0 for "none"; another one there is a conflict. */
  replace(id: string, text: string, options: { readonly expect: number }): Promise<ReplaceResult>;
  /**
   * What is not there is no error. A later `replace` expects 0. False, with nothing deleted, when another generation than `expect` is
   * there; without `expect` whatever is there goes.
   */
  delete(id: string, options?: { readonly expect: number }): Promise<boolean>;
  /** Ids that start with `prefix`, ascending. */
  ids(prefix: string): Promise<readonly string[]>;
}
