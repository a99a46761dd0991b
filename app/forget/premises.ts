/** What a machine keeps beside objects, state, tables and letters: the driver of one machine works on the data directory. */
export interface Premises {
  /** Files for a person that wait where no port reaches: dropped into the inbox under any of these names, or built as exports. */
  count(folders: Folders): Promise<{ readonly inbox: number; readonly exports: number }>;
  /** Removes those, what killed writers left, and empty folders that are named after any of `words`. */
  clear(folders: Folders, words: readonly string[]): Promise<void>;
  /** Files that hold one of the words in plain text or in an encoding, by path; `opaque` ones are not looked for in the state. */
  search(words: Words): Promise<readonly string[]>;
}

export interface Folders {
  readonly userId: string;
  /** Names of the person's folders in the inbox: their id, and their name while it is known and theirs alone. */
  readonly names: readonly string[];
}

export interface Words {
  /** Names, ids of providers, tokens: nowhere. */
  readonly told: readonly string[];
  /** Ids we made: nowhere but in the tombstone. */
  readonly opaque: readonly string[];
}
