/** What one engine refuses, or both read differently. */
export interface Trap {
  readonly trap: string;
  /** Looked for in the text without its comments, of its literals only the quotes left (`bare`), unless `inLiterals`. */
  readonly pattern: RegExp;
  readonly inLiterals?: true;
  /** A text that falls into it. */
  readonly wrong: string;
  /** What says the same on both engines and falls into none. */
  readonly right: string;
}

/** These words, alone. */
export const word = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`, 'i');

/** These functions, called. */
export const call = (names: string): RegExp => new RegExp(`\\b(?:${names})\\s*\\(`, 'i');
