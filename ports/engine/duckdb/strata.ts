import { storedModels, type Catalog, type Model } from './catalog.ts';
import { referencesOf } from './order.ts';

/** How many days from a changed one a model may reach whose rows are made of the records themselves. */
export const NEAR = { before: 1, after: 2 };

export interface Reach {
  readonly before: number;
  readonly after: number;
}

/** How far a changed day reaches in a model; undefined where it may reach any. */
export function reachOf({ spec }: Model): Reach | undefined {
  const { reach_days: reach } = spec;
  if (reach === undefined || reach === 'all') return undefined;
  if (typeof reach === 'number') return { before: reach, after: reach };
  const { before, after } = reach;
  return before === 'all' || after === 'all' ? undefined : { before, after };
}

const isNear = (model: Model): boolean => {
  const reach = reachOf(model);
  return reach !== undefined && reach.before <= NEAR.before && reach.after <= NEAR.after;
};

/** The stored models in two strata: `near` ones are made of the records around a day, `far` ones of what near ones say of any day. */
export interface Strata {
  readonly near: readonly Model[];
  readonly far: readonly Model[];
}

export function strataOf(catalog: Catalog, names: Iterable<string>): Strata {
  const wanted = new Set(names);
  const models = storedModels(catalog).filter(({ name }) => wanted.has(name));
  return { near: models.filter(isNear), far: models.filter((model) => !isNear(model)) };
}

/** Everything these models read, themselves and by others; what `stop` names is read, not looked into. */
export function readsOf(
  catalog: Catalog,
  names: Iterable<string>,
  stop: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const read = new Set<string>();
  const visit = (name: string): void => {
    for (const reference of referencesOf(catalog.models.get(name)?.sql ?? '')) {
      if (reference === name || read.has(reference)) continue;
      read.add(reference);
      if (!stop.has(reference)) visit(reference);
    }
  };
  for (const name of names) visit(name);
  return read;
}
