/** One plain-text message for one person: ASCII subject of at most 100 characters, lines of at most 72. */
export interface Message {
  readonly userId: string;
  /** The local day it is about, `YYYY-MM-DD`. */
  readonly day: string;
  readonly kind: 'summary' | 'alert';
  /** Tells several of a kind about one day apart: at most 16 small letters and digits. */
  readonly part?: string;
  readonly subject: string;
  readonly text: string;
}

/** Delivers at most once per (person, day, kind, part): the second time it answers `already`. */
export interface Notifier {
  deliver(message: Message): Promise<'delivered' | 'already'>;
}

/** What was delivered, newest day first: a notifier that keeps its messages on this machine has one. */
export interface Mailbox {
  list(userId?: string): Promise<readonly Message[]>;
  /** Destroys the messages of one person; answers how many there were. */
  remove(userId: string): Promise<number>;
}
