import { PortError } from '../../errors.ts';
import type { Model } from './catalog.ts';

/** Names read by a model: what stands behind `from` and `join`, comments and literals aside. */
export function referencesOf(sql: string): ReadonlySet<string> {
  const bare = sql
    .replaceAll(/--.*$/gm, ' ')
    .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/'[^']*'/g, "''");
  return new Set([...bare.matchAll(/\b(?:from|join)\s+([a-z_]\w*)/gi)].map(([, name]) => (name ?? '').toLowerCase()));
}

/**
 * The models these need (all by default), each after those it reads. What is in `bound` is there already: neither it nor what only it
 * needs. Cycles throw `model_cycle`.
 */
export function orderModels(
  models: ReadonlyMap<string, Model>,
  roots: readonly string[] = [...models.keys()],
  bound: readonly string[] = [],
): readonly Model[] {
  const ordered: Model[] = [];
  const done = new Set(bound);
  const visit = (model: Model, trail: readonly string[]): void => {
    if (done.has(model.name)) return;
    if (trail.includes(model.name)) {
      throw new PortError('model_cycle', `models read each other: ${[...trail, model.name].join(' → ')}`);
    }
    for (const name of [...referencesOf(model.sql)].toSorted()) {
      const next = models.get(name);
      if (next !== undefined && name !== model.name) visit(next, [...trail, model.name]);
    }
    done.add(model.name);
    ordered.push(model);
  };
  for (const name of roots) {
    const model = models.get(name);
    if (model !== undefined) visit(model, []);
  }
  return ordered;
}
