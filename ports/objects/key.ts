import { PortError } from '../errors.ts';
import { TEMPORARY } from '../files/strays.ts';

const SEGMENT = /^[A-Za-z0-9._=@+-]{1,255}$/;
const PREFIX = /^[A-Za-z0-9._=@+/-]*$/;

/** Whether a name can be one segment of a key. */
export function isSegment(name: string): boolean {
  return SEGMENT.test(name) && name !== '.' && name !== '..';
}

/** Whether a text is a key every driver could keep: tame segments, at most 1,024 characters. */
export function isKey(text: string): boolean {
  const segments = text.split('/');
  return text.length <= 1024 && segments[0] !== TEMPORARY && segments.every(isSegment);
}

/** The segments of a key; throws `invalid_key` for anything no driver could keep. */
export function segmentsOf(key: string): readonly string[] {
  if (!isKey(key)) throw invalid('key');
  return key.split('/');
}

/** The whole segments of a prefix, without the last one, which may be unfinished; throws `invalid_key`. */
export function parentsOf(prefix: string): readonly string[] {
  const parents = prefix.split('/').slice(0, -1);
  if (!PREFIX.test(prefix) || !parents.every(isSegment)) throw invalid('prefix');
  return parents;
}

/** The key itself is not repeated: it may come from outside and be anything. */
function invalid(what: 'key' | 'prefix'): PortError {
  return new PortError('invalid_key', `The ${what} of an object is not made of tame segments.`, {
    remedy: 'Make keys with app/keys.ts.',
  });
}
