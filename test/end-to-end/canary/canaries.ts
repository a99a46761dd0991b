/** How far a canary may fly: a secret nowhere, an address only into raw, what is somebody's own to what is shown to them. */
export type Kind = 'secret' | 'address' | 'own';

/** Something that was printed, answered or written, and which canaries have their place in it. */
export interface Surface {
  readonly name: string;
  readonly bytes: Buffer;
  readonly may: readonly Kind[];
}

/** Strings that exist nowhere else, by what they stand for. */
export interface Canaries {
  add(kind: Kind, what: string, text: string | undefined | null): void;
  all(): readonly { readonly kind: Kind; readonly what: string; readonly text: string }[];
  count(what: string): number;
  /** Where a canary is seen that has no place there: names only, never the text. */
  seenIn(surfaces: readonly Surface[]): readonly string[];
}

/** Shorter ones are somewhere by chance. */
const LEAST = 7;

export function createCanaries(): Canaries {
  const known = new Map<string, { readonly kind: Kind; readonly what: string; readonly text: string }>();
  return {
    add(kind, what, text) {
      if (text === undefined || text === null || text.length < LEAST) return;
      if (!known.has(text)) known.set(text, { kind, what, text });
    },
    all: () => [...known.values()],
    count: (what) => [...known.values()].filter((one) => one.what === what).length,
    seenIn(surfaces) {
      const birds = [...known.values()].map((one) => ({ ...one, forms: encodingsOf(one.text) }));
      const seen = surfaces.flatMap(({ name, bytes, may }) => {
        const hay = bytes.toString('latin1');
        const strangers = birds.filter(({ kind }) => !may.includes(kind));
        return strangers.flatMap(({ what, forms }) =>
          forms.filter(({ needle }) => hay.includes(needle)).map(({ form }) => `${what} (${form}) in ${name}`),
        );
      });
      return [...new Set(seen)].toSorted();
    },
  };
}

/** Plain, base64 at each offset and in both alphabets, hex in both cases, URL-encoded, JSON-escaped. */
function encodingsOf(text: string): readonly { readonly form: string; readonly needle: string }[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  const json = JSON.stringify(text).slice(1, -1);
  const forms = [
    ['plain', bytes.toString('latin1')],
    ['hex', hex],
    ['hex', hex.toUpperCase()],
    ['URL-encoded', encodeURIComponent(text)],
    ['URL-encoded', new URLSearchParams({ x: text }).toString().slice(2)],
    ['JSON-escaped', Buffer.from(json).toString('latin1')],
    ['JSON-escaped', json.replaceAll('/', String.raw`\/`)],
    ...[0, 1, 2].flatMap((offset) => {
      const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      // The characters at both ends hold bits of the neighbours.
      const inner = whole.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + bytes.length) * 8) / 6));
      return [
        ['base64', inner],
        ['base64', inner.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
  ] as const;
  // The first name of one and the same text counts.
  const unique = new Map(forms.toReversed().map(([form, needle]) => [needle, form]));
  return [...unique].map(([needle, form]) => ({ needle, form }));
}
