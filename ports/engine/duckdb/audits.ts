import { PortError } from '../../errors.ts';
import type { Catalog, Model } from './catalog.ts';
import { columnsOf, type Database } from './database.ts';
import { identifier, inList, literal } from './sql.ts';
import { duckdbType, type Audit } from './spec.ts';

interface Check {
  readonly name: string;
  /** Selects the rows that should not be. */
  readonly bad: string;
}

function checksOf(catalog: Catalog, model: Model, audit: Audit): readonly Check[] {
  const checks: Check[] = [];
  if (audit.unique !== undefined) {
    const columns = audit.unique.map(identifier).join(', ');
    checks.push({
      name: `unique ${audit.unique.join(', ')}`,
      bad: `select ${columns} from ${model.name} group by ${columns} having count(*) > 1`,
    });
  }
  for (const name of audit.not_null ?? []) {
    checks.push({ name: `not_null ${name}`, bad: `select 1 from ${model.name} where ${identifier(name)} is null` });
  }
  for (const [name, values] of Object.entries(audit.accepted ?? {})) {
    const texts = inList(values.map(String));
    checks.push({
      name: `accepted ${name}`,
      bad: `select 1 from ${model.name} where ${identifier(name)} is not null and cast(${identifier(name)} as varchar) not in ${texts}`,
    });
  }
  if (audit.sql !== undefined) {
    const sql = catalog.audits.get(audit.sql);
    if (sql === undefined) throw new PortError('invalid_model', `${model.name}: there is no audit ${audit.sql}`);
    checks.push({ name: audit.sql, bad: sql.trim().replace(/;$/, '') });
  }
  return checks;
}

/** Runs the audits of every model on the rows just computed; a blocking one that finds any throws `audit_failed`. */
export async function runAudits(database: Database, catalog: Catalog): Promise<void> {
  for (const model of catalog.models.values()) {
    for (const audit of model.spec.audits) {
      for (const check of checksOf(catalog, model, audit)) {
        const [row] = await database.rows(`select count(*) as n from (${check.bad}) bad`);
        const found = Number(row?.['n'] ?? 0);
        if (found === 0 || audit.blocking === false) continue;
        throw new PortError('audit_failed', `${model.name}: the audit "${check.name}" found ${found} rows`, {
          remedy:
            'Nothing was published; the tables are those of the batch before. Correct the model and process again.',
        });
      }
    }
  }
}

/** Holds a stored model's columns to its `.yml`: names, order and types; else `schema_mismatch`. */
export async function checkColumns(database: Database, model: Model): Promise<void> {
  const made = (await columnsOf(database, model.name)).map(({ name, type }) => `${name} ${type}`);
  const stated = Object.entries(model.spec.columns).map(([name, column]) => `${name} ${duckdbType(column.type)}`);
  const differing = stated.findIndex((column, i) => column !== made[i]);
  if (differing === -1 && stated.length === made.length) return;
  const at = differing === -1 ? stated.length : differing;
  throw new PortError(
    'schema_mismatch',
    `${model.name}: column ${at + 1} is ${literal(made[at] ?? 'missing')}, its .yml says ${literal(stated[at] ?? 'nothing')}`,
  );
}
