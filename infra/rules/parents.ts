import type { Rule } from './rule.ts';

export const parents: Rule = {
  name: 'parents',
  description: 'Every resource is a child of one of our components, and is named after it or is the one it is about.',
  check(stack) {
    const ours = new Map(
      stack.resources.filter(({ type }) => type.startsWith('wellspring:infra:')).map((one) => [one.urn, one.name]),
    );
    return stack.resources
      .filter(({ custom, parent, name }) => {
        const owner = ours.get(parent);
        return custom && (owner === undefined || (name !== owner && !name.startsWith(`${owner}-`)));
      })
      .map((resource) => ({ resource, says: 'has no component, or is not named after it' }));
  },
};
