import { PortError } from '../../errors.ts';
import type { Model } from './catalog.ts';

/** Names read by a model: what stands behind `from` and `join`, comments and literals aside. */
function referencesOf(sql: string): ReadonlySet<string> {
  const bare = sql
    .replaceAll(/--.*$/gm, ' ')
    .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/'[^']*'/g, "''");
  return new Set([...bare.matchAll(/\b(?:from|join)\s+([a-z_]\w*)/gi)].map(([, name]) => (name ?? '').toLowerCase()));
}

/** Models in an order in which each comes after those it reads; `only` keeps one model and what it needs. Cycles throw `model_cycle`. */
export function orderModels(models: ReadonlyMap<string, Model>, only?: string): readonly Model[] {
  const ordered: Model[] = [];
  const done = new Set<string>();
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
  const roots = only === undefined ? [...models.values()] : [...models.values()].filter((m) => m.name === only);
  for (const model of roots) visit(model, []);
  return ordered;
}
