import { readEnvelope } from '../envelope.ts';
import { readObjects } from '../listing.ts';
import { beginningOf, passageAt } from '../passage.ts';
import type { Runtime } from '../runtime.ts';

/** The provider's own text at its place, at most 400 characters of it; empty when the object is gone. */
export interface Evidence {
  readonly raw_key: string;
  readonly pointer: string;
  readonly text: string;
  readonly received_at: string;
  /** What of it went to the day, in the unit of the metric: of an interval across midnight its piece. Null where nothing is added up. */
  readonly share: number | null;
}

/** A place in a raw object. */
export interface Place {
  readonly raw_key: string;
  readonly raw_pointer: string;
  readonly share: number | null;
}

const MOST = 500;

/** Each place once, in order. */
export function uniquePlaces<P extends Place>(places: readonly P[]): readonly P[] {
  return [...new Map(places.map((place) => [`${place.raw_key} ${place.raw_pointer}`, place])).values()];
}

/** What a raw object holds at its places; of one that is no document of ours (it was refused for that) its beginning, wherever is asked. */
function opened(document: Uint8Array): { readonly time: string; readonly at: (pointer: string) => string } {
  try {
    const { attributes, data } = readEnvelope(document);
    return { time: String(attributes['time'] ?? ''), at: (pointer) => passageAt(data, pointer) ?? '' };
  } catch {
    return { time: '', at: () => beginningOf(new TextDecoder().decode(document)) };
  }
}

/** The text at the first 500 of these places, by object. */
export async function readEvidence(
  { objects }: Pick<Runtime, 'objects'>,
  all: readonly Place[],
): Promise<readonly Evidence[]> {
  const places = all.slice(0, MOST);
  const evidence: Evidence[] = [];
  const keys = [...new Set(places.map((place) => place.raw_key))];
  // Some at a time: a night in pieces is hundreds of objects, and somebody waits for the page.
  const documents = new Map((await readObjects(objects, keys)).map(({ key, document }) => [key, document]));
  for (const key of keys) {
    const document = documents.get(key);
    const object = document === undefined ? undefined : opened(document);
    for (const { raw_pointer: pointer, share } of places.filter((place) => place.raw_key === key)) {
      const [text, received_at] = [object?.at(pointer) ?? '', object?.time ?? ''];
      evidence.push({ raw_key: key, pointer, text, received_at, share });
    }
  }
  return evidence;
}
