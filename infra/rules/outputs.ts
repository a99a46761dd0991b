import type { Rule } from './rule.ts';

/** What JavaScript makes of an Output, an object and nothing in a text. */
const SPOILED = /Output<|Calling \[toString\]|\[object Object\]|(^|[:/-])(undefined|null|NaN)($|[:/-])/;

export const outputsInTexts: Rule = {
  name: 'outputs-in-texts',
  description: 'No text was put together of something that was no text yet.',
  check: (stack) =>
    stack.resources.flatMap((resource) =>
      textsIn({ ...resource.props, '(name)': resource.name })
        .filter(([, text]) => SPOILED.test(text))
        .map(([path]) => ({ resource, says: `${path} was put together of something that was no text` })),
    ),
};

/** Every text below a value, with its path. */
function textsIn(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  // Keys are texts too: a condition on `${output}:aud`.
  return Object.entries(value).flatMap(([key, one]) => [
    [`key of ${path}`, key] as const,
    ...textsIn(one, path === '' ? key : `${path}.${key}`),
  ]);
}
