/** What somebody put there and nobody has done yet. */
export interface Letter {
  readonly id: string;
  readonly body: string;
  /** Says which taking of it is meant; another taking has another one. */
  readonly handle: string;
}

/** A queue that gives each letter out at least once. */
export interface Queue {
  /** About how many wait or are worked on. */
  depth(): Promise<number>;
  /** Up to ten, hidden from everybody else for a minute; none when the queue is empty. */
  take(): Promise<readonly Letter[]>;
  /** Removes a letter for good; one that is gone already is no error. */
  remove(letter: Letter): Promise<void>;
}
