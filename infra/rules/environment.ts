import * as z from 'zod';
import { environments, type FunctionName } from '../../handlers/environment.ts';
import { calledByJobs, FUNCTION, ofType, prefixOf } from './resources.ts';
import type { Resource, Rule, Stack } from './rule.ts';

const shape = z.object({ name: z.string(), environment: z.object({ variables: z.record(z.string(), z.string()) }) });
const isFunction = (name: string): name is FunctionName => name in environments;

export const environment: Rule = {
  name: 'environment',
  description:
    'Every function gets exactly the variables its handler reads, each of a kind it can read; and there is one of each.',
  check(stack) {
    const functions = ofType(stack, FUNCTION);
    const names = functions.map(({ props }) => String(props['name']).slice(prefixOf(stack).length + 1));
    const missing = wantedOf(stack).filter((name) => !names.includes(name));
    return [
      ...functions.flatMap((resource, at) => judged(resource, names[at] ?? '').map((says) => ({ resource, says }))),
      // Said of the first one: there is no resource that could be missing.
      ...functions
        .slice(0, 1)
        .flatMap((resource) =>
          missing.map((name) => ({ resource, says: `stands alone: there is no function ${name}` })),
        ),
    ];
  },
};

/** Every function there is a handler of; the one that computes only where a job calls it. */
function wantedOf(stack: Stack): readonly string[] {
  const called = calledByJobs(stack).map((name) => name.slice(prefixOf(stack).length + 1));
  return Object.keys(environments).filter((name) => name !== 'transform' || called.includes(name));
}

function judged(resource: Resource, name: string): readonly string[] {
  const { data } = shape.safeParse(resource.props);
  if (data === undefined || !isFunction(name)) return ['is not a function of handlers/environment.ts'];
  const { variables } = data.environment;
  const kinds: readonly [string, z.ZodType][] = Object.entries(environments[name].shape);
  const read = kinds.map(([key]) => key);
  return [
    ...kinds
      .filter(([key, kind]) => !(key in variables) && !kind.safeParse(undefined).success)
      .map(([key]) => `lacks ${key}`),
    ...kinds
      .filter(([key, kind]) => key in variables && !kind.safeParse(variables[key]).success)
      .map(([key]) => `cannot read ${key}`),
    ...Object.keys(variables)
      .filter((key) => !read.includes(key))
      .map((key) => `has ${key}, which its handler does not read`),
  ];
}
