/** A delivery with a value of its own put into objects and lists of it, chosen by the numbers: each mark must be found again. */
export function marked(
  text: string,
  choices: Iterator<number>,
): { readonly body: string; readonly marks: readonly string[] } {
  const marks: string[] = [];
  const next = (): number => {
    const { value, done } = choices.next();
    return done === true ? 0 : value;
  };
  const mark = (): string => {
    marks.push(`mark${marks.length}`);
    return marks.at(-1) ?? '';
  };
  const changed = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const elements = value.flatMap((element: unknown) =>
        next() === 0 ? [changed(element), changed(element)] : [changed(element)],
      );
      return next() === 0 ? [...elements, mark()] : elements;
    }
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, inner]) => [name, changed(inner)] as const);
    // Sometimes a value lies where a list should, under a name of its own.
    const more = next() < 3 ? [[`extra${next()}`, mark()] as const] : [];
    return Object.fromEntries([...members, ...more]);
  };
  return { body: JSON.stringify(changed(JSON.parse(text))), marks };
}
