import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../dashboard/assets/base.css', import.meta.url), 'utf8');

/** `--name: light-dark(#light, #dark)` as `[name, light, dark]`. */
const colours = new Map(
  [...css.matchAll(/--(\w+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
);

/** Relative luminance and contrast as WCAG 2.2 defines them: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const texts = ['ink', 'soft', 'accent', 'above', 'below'].map((name) => [name, 4.5] as const);

test.each([...texts, ['edge', 3] as const])('%s has enough contrast on every ground, light and dark', (name, least) => {
  const front = colours.get(name);
  for (const ground of ['paper', 'raised', ...(name === 'ink' ? ['notice'] : [])]) {
    for (const scheme of ['light', 'dark'] as const) {
      const ratio = contrast(front?.[scheme] ?? '', colours.get(ground)?.[scheme] ?? '');
      expect(ratio, `${name} on ${ground}, ${scheme}`).toBeGreaterThanOrEqual(least);
    }
  }
});

test('the measure of contrast is the one of the standard', () => {
  // Black on white is 21 to 1 by definition; a colour on itself 1.
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#777777')).toBe(1);
});
