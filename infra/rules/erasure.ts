import type { PolicyStatement } from './iam/document.ts';
import { fits } from './iam/wildcard.ts';
import { policiesOf, prefixOf } from './resources.ts';
import type { Rule } from './rule.ts';

/** Beside the one that forgets, the one that deploys: it could also take any bucket away, and is nobody's while nothing is deployed. */
const MAY = ['forget', 'deploy'];

/** What only passes through, below these: others may remove it for good. */
const PASSING: Readonly<Record<string, string>> = {
  'denied/': 'Empty markers that say who was denied.',
  'inbox/': 'Files that were imported: they are kept below uploads/.',
  'unload/': 'Parts an export is put together of.',
};

export const erasure: Rule = {
  name: 'erasure',
  description: 'Only the function that forgets may delete versions of what is kept.',
  check: (stack) =>
    policiesOf(stack)
      .filter(
        ({ kind, resource }) =>
          kind === 'identity' && !MAY.some((name) => resource.props['role'] === `${prefixOf(stack)}-${name}`),
      )
      .filter(({ statements }) => statements.some(erases))
      .map(({ resource }) => ({ resource, says: 'may delete versions of objects' })),
};

function erases({ Effect, Action = [], Resource = ['*'] }: PolicyStatement): boolean {
  const may = Action.some((action) => fits(action.toLowerCase(), 's3:deleteobjectversion'));
  return (
    Effect === 'Allow' &&
    may &&
    Resource.some((one) => PASSING[one.replace(/^[^/]*\//, '').replace(/\*$/, '')] === undefined)
  );
}
