import { elementsOf, membersOf, rootOf, type Slice } from '../providers/kit/scan.ts';
import { isSecret, masked } from './mask.ts';

/** Longer text is cut: evidence shows the value and what stands around it, not the whole night. */
const MOST = 400;
/** Of a document of megabytes no more is looked through for what has to be masked. */
const READ = 4000;

/** The place of the first member of that name or number in a value; of several members of one name the last, as JSON.parse reads it. */
function child(text: string, parent: Slice, name: string): Slice | undefined {
  if (parent.kind === 'object') return [...membersOf(text, parent)].findLast((member) => member.name === name)?.value;
  if (parent.kind !== 'array' || !/^\d+$/.test(name)) return undefined;
  let index = 0;
  for (const element of elementsOf(text, parent)) {
    if (index === Number(name)) return element;
    index += 1;
  }
  return undefined;
}

/** The names an RFC 6901 pointer leads through. */
export function namesOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The beginning of a provider's text, at most 400 characters, tokens and callback addresses masked. */
export function beginningOf(text: string): string {
  const found = masked(text.slice(0, READ));
  return found.length > MOST || text.length > READ ? `${found.slice(0, MOST - 1)}…` : found;
}

/**
 * The provider's own text at an RFC 6901 pointer, at most 400 characters of it, tokens and callback addresses masked;
 * undefined when there is no such place.
 */
export function passageAt(text: string, pointer: string): string | undefined {
  const names = namesOf(pointer);
  if (names.length === 0) return beginningOf(text);
  let place: Slice | undefined = rootOf(text);
  for (const name of names) place = place && child(text, place, name);
  if (place === undefined) return undefined;
  return names.some(isSecret) ? '…' : beginningOf(text.slice(place.start, place.end));
}
