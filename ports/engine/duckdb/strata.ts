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

export const isNear = (reach: Reach): boolean => reach.before <= NEAR.before && reach.after <= NEAR.after;

/**
 * The stored models in three strata: `near` ones are made of the records around a day, `wide` ones of what near ones say of the days they
 * reach, `far` ones of what the others say of any day.
 */
export interface Strata {
  readonly near: readonly Model[];
  readonly wide: readonly Model[];
  readonly far: readonly Model[];
}

function stratumOf(model: Model): keyof Strata {
  const reach = reachOf(model);
  if (reach === undefined) return 'far';
  return isNear(reach) ? 'near' : 'wide';
}

export function strataOf(catalog: Catalog, names: Iterable<string>): Strata {
  const wanted = new Set(names);
  const models = storedModels(catalog).filter(({ name }) => wanted.has(name));
  const inStratum = (stratum: keyof Strata): readonly Model[] => models.filter((one) => stratumOf(one) === stratum);
  return { near: inStratum('near'), wide: inStratum('wide'), far: inStratum('far') };
}

/**
 * How far from a touched day lies what rows reached from it are made of: a day that reaches others so far is reached from as far, the other
 * way round.
 */
export function readAround(models: readonly Model[]): Reach {
  const reaches = models.flatMap((model) => reachOf(model) ?? []);
  const days = reaches.map(({ before, after }) => before + after);
  const most = Math.max(0, ...days);
  return { before: most, after: most };
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
