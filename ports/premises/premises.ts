/** What an installation keeps beside objects, state, tables and letters, and what has to be looked through there for whoever is forgotten. */
export interface Premises {
  /** Files for a person that wait where no other port reaches: dropped into the inbox under any of these names, or built as exports. */
  count(folders: Folders): Promise<{ readonly inbox: number; readonly exports: number }>;
  /** Removes those, what killed writers left, and whatever else is named after, or made of, any of `words`. */
  clear(folders: Folders, words: readonly string[]): Promise<void>;
  /** Places that hold one of the words, by path; `opaque` ones are not looked for in the state. */
  search(words: Words): Promise<readonly string[]>;
  /** Where copies last some days, and nobody can reach into; absent where there is no such place. */
  readonly later?: readonly Later[];
}

/** A place that forgets by itself: backups, logs, archives. */
export interface Later {
  readonly place: string;
  /** What of a person lies there. */
  readonly what: string;
  readonly gone_after_days: number;
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
