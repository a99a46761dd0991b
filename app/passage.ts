import { elementsOf, membersOf, rootOf, type Slice } from '../providers/kit/scan.ts';

/** Longer text is cut: evidence shows the value and what stands around it, not the whole night. */
const MOST = 400;

const SECRET = /token|secret|callback|password|authorization/i;

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

/** Tokens and callback addresses inside provider text are nobody's evidence. */
function mask(text: string): string {
  return text
    .replaceAll(/("[^"]*(?:token|secret|callback|password|authorization)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, '$1"…"')
    .replaceAll(/([?&][^=&"\s]*token=)[^&"\s]*/gi, '$1…');
}

/**
 * The provider's own text at an RFC 6901 pointer, at most 400 characters of it, tokens and callback addresses masked;
 * undefined when there is no such place.
 */
export function passageAt(text: string, pointer: string): string | undefined {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  let place: Slice | undefined = rootOf(text);
  for (const name of names) place = place && child(text, place, name);
  if (place === undefined) return undefined;
  if (SECRET.test(names.at(-1) ?? '')) return '…';
  const found = mask(text.slice(place.start, place.end));
  return found.length > MOST ? `${found.slice(0, MOST - 1)}…` : found;
}
