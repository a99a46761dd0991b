import { checkColumns, runAudits } from './audits.ts';
import type { Catalog } from './catalog.ts';
import { model, type Before } from './compute.ts';
import type { Database } from './database.ts';
import { tablesOf } from './gather.ts';
import type { Plan } from './plan.ts';
import { checkScope } from './reached.ts';

export interface Making {
  readonly before: Before;
  readonly plan: Plan;
  /** Whether those it is about are made anew by days. */
  readonly isWindowed: boolean;
  /** Whether it is about the first of them, or all: tables about nobody are its own then. */
  readonly isFirst: boolean;
  /** Called last: makes what is kept beside the tables of the models and names it, and takes away what is to be kept empty. */
  readonly keep: (isWindowed: boolean) => Promise<readonly string[]>;
  readonly onStep: (step: string) => void;
}

/**
 * Runs the models for whom the scope says and names what there is to publish: tables that have passed their audits, of columns as their `.yml` has
 * them, without rows of anybody else, which would be there twice beside another part; and what is kept beside them.
 */
export async function makePart(database: Database, catalog: Catalog, making: Making): Promise<readonly string[]> {
  const { before, plan, isFirst, keep, onStep } = making;
  await model(database, catalog, before, making);
  onStep('modelled');
  await runAudits(database, catalog, plan.audited);
  onStep('audited');
  const names = tablesOf(catalog, plan, isFirst);
  const models = names.flatMap((name) => catalog.models.get(name) ?? []);
  for (const one of models) await checkColumns(database, one);
  await checkScope(database, models);
  return [...names, ...(await keep(making.isWindowed))];
}
