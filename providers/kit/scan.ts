import { createScanner } from 'jsonc-parser';

// jsonc-parser's `const enum SyntaxKind`, which an isolated module cannot import.
const OPEN_BRACE = 1;
const CLOSE_BRACE = 2;
const OPEN_BRACKET = 3;
const CLOSE_BRACKET = 4;
const COMMA = 5;
const STRING = 10;
const NUMBER = 11;
const END = 17;

const BLANK = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One JSON value by its place in a text: `[start, end)` in UTF-16 units. */
export interface Slice {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'literal';
  readonly start: number;
  readonly end: number;
}

/** One `"name": value` of an object; `label` is the name as written, with its quotes, `after` the place behind the colon. */
export interface Member {
  readonly name: string;
  readonly label: string;
  readonly after: number;
  readonly value: Slice;
}

type Scanner = ReturnType<typeof createScanner>;

function kindOf(token: number): Slice['kind'] {
  if (token === OPEN_BRACE) return 'object';
  if (token === OPEN_BRACKET) return 'array';
  if (token === STRING) return 'string';
  return token === NUMBER ? 'number' : 'literal';
}

/** The next token that is no white space, which the scanner itself would copy character by character. */
function next(text: string, scanner: Scanner): number {
  let at = scanner.getPosition();
  while (at < text.length && text.charCodeAt(at) <= BLANK) at += 1;
  scanner.setPosition(at);
  return scanner.scan();
}

/** Reads the value whose first token was just scanned, leaving the scanner behind it. */
function take(text: string, scanner: Scanner): Slice {
  const kind = kindOf(scanner.getToken());
  const start = scanner.getTokenOffset();
  // Tokens inside a nested value are of no interest, and scanning them costs ten times as much as passing over them.
  if (kind === 'object' || kind === 'array') scanner.setPosition(endOfNested(text, start));
  return { kind, start, end: scanner.getPosition() };
}

/** The place behind the object or list that opens at `start`. */
function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (isOpening(code)) depth += 1;
    else if (isClosing(code) && --depth === 0) return at + 1;
  }
  throw new SyntaxError('scan: the text ends inside a value');
}

/** The place of the quote that closes the string opened at `start`; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return text.length;
}

/** The value a text that `JSON.parse` has accepted consists of. */
export function rootOf(text: string): Slice {
  const scanner = createScanner(text, true);
  return { kind: kindOf(next(text, scanner)), start: scanner.getTokenOffset(), end: text.trimEnd().length };
}

/** The members of an object in the order they are written, repeated names included. */
export function* membersOf(text: string, object: Slice): Generator<Member> {
  const scanner = createScanner(text, true);
  scanner.setPosition(object.start + 1);
  for (let token = next(text, scanner); token !== CLOSE_BRACE; token = next(text, scanner)) {
    if (token === COMMA) continue;
    if (token !== STRING) throw new SyntaxError('scan: a member without a name');
    const name = scanner.getTokenValue();
    const label = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    next(text, scanner); // the colon
    const after = scanner.getPosition();
    next(text, scanner);
    yield { name, label, after, value: take(text, scanner) };
  }
}

/** The elements of an array, in order. */
export function* elementsOf(text: string, array: Slice): Generator<Slice> {
  const scanner = createScanner(text, true);
  scanner.setPosition(array.start + 1);
  for (let token = next(text, scanner); token !== CLOSE_BRACKET; token = next(text, scanner)) {
    if (token === END) throw new SyntaxError('scan: the text ends inside an array');
    if (token !== COMMA) yield take(text, scanner);
  }
}

/** Whether brackets nest deeper than `limit`: iterative, so it is safe before anything has judged the text. */
export function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (isClosing(code)) depth -= 1;
    else if (isOpening(code) && ++depth > limit) return true;
  }
  return false;
}

/** `{` or `[`. */
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
/** `}` or `]`. */
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;
