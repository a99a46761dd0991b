import { inspect } from 'node:util';

const HIDDEN = '[redacted]';

/** A text that never shows itself: printed, inspected or made JSON it is `[redacted]`. `reveal` is said where it leaves for its owner. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
