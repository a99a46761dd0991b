import { prefixOf } from './resources.ts';
import type { Resource, Rule } from './rule.ts';

/** The arguments that are a name the account shares. */
const NAMES = ['name', 'bucket', 'bucketPrefix', 'dashboardName', 'dataSetId', 'dataSourceId'];
/** Names below something of the stack's own, or that AWS gives. */
const NESTED: Readonly<Record<string, string>> = {
  'aws:athena/namedQuery:NamedQuery': 'in our workgroup',
  'aws:glue/catalogTable:CatalogTable': 'in our database',
  'aws:apigatewayv2/stage:Stage': 'of our API; another name would be part of every path',
};
/** What services put before a name. */
const SERVICE_PATH = /^(\/aws\/(lambda|apigateway)\/|\/aws-glue\/|alias\/)/;

export const names: Rule = {
  name: 'names',
  description: 'Every name starts with project and stack, so that several stacks live in one account.',
  check(stack) {
    const prefix = prefixOf(stack);
    const starts = [prefix, prefix.replace(/[^A-Za-z0-9]/g, '_').toLowerCase()];
    const isForeign = (text: unknown): boolean =>
      typeof text === 'string' && !starts.some((start) => text.replace(SERVICE_PATH, '').startsWith(start));
    const foreign = (one: Resource) => NAMES.filter((name) => nameIn(one, name) && isForeign(one.props[name]));
    return stack.resources
      .filter((one) => one.custom && NESTED[one.type] === undefined)
      .flatMap((resource) => foreign(resource).map((name) => ({ resource, says: `has a ${name} of no stack` })));
  },
};

/** A data set's `name` is its title, its id is the name; a bucket beside settings of it is not theirs. */
function nameIn({ type, props }: Resource, name: string): boolean {
  if (name === 'name') return props['dataSetId'] === undefined;
  return name !== 'bucket' || type === 'aws:s3/bucket:Bucket';
}
