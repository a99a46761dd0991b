import { PortError } from '../../errors.ts';
import type { Catalog, Model } from './catalog.ts';
import { columnsOf, type Database } from './database.ts';
import { identifier, inList, literal } from './sql.ts';
import { duckdbType, type Audit } from './spec.ts';

/** Checks asked for in one statement: each statement costs more than a check of few rows, and its text is not to grow without end. */
const AT_ONCE = 50;

interface Check {
  readonly model: string;
  readonly name: string;
  readonly isBlocking: boolean;
  /** Selects the rows that should not be. */
  readonly bad: string;
}

function checksOf(catalog: Catalog, model: Model, audit: Audit): readonly Check[] {
  const checks: Check[] = [];
  const add = (name: string, bad: string): void => {
    checks.push({ model: model.name, name, isBlocking: audit.blocking !== false, bad });
  };
  if (audit.unique !== undefined) {
    const columns = audit.unique.map(identifier).join(', ');
    add(
      `unique ${audit.unique.join(', ')}`,
      `select ${columns} from ${model.name} group by ${columns} having count(*) > 1`,
    );
  }
  for (const name of audit.not_null ?? [])
    add(`not_null ${name}`, `select 1 from ${model.name} where ${identifier(name)} is null`);
  for (const [name, values] of Object.entries(audit.accepted ?? {})) {
    const texts = inList(values.map(String));
    add(
      `accepted ${name}`,
      `select 1 from ${model.name} where ${identifier(name)} is not null and cast(${identifier(name)} as varchar) not in ${texts}`,
    );
  }
  if (audit.sql !== undefined) {
    const sql = catalog.audits.get(audit.sql);
    if (sql === undefined) throw new PortError('invalid_model', `${model.name}: there is no audit ${audit.sql}`);
    add(audit.sql, sql.trim().replace(/;$/, ''));
  }
  return checks;
}

/** Runs the audits of these models (all by default) on the rows just computed; a blocking one that finds any throws `audit_failed`. */
export async function runAudits(
  database: Database,
  catalog: Catalog,
  names: Iterable<string> = catalog.models.keys(),
): Promise<void> {
  const checks = [...names]
    .flatMap((name) => catalog.models.get(name) ?? [])
    .flatMap((model) => model.spec.audits.flatMap((audit) => checksOf(catalog, model, audit)))
    .filter((check) => check.isBlocking);
  for (let i = 0; i < checks.length; i += AT_ONCE) {
    const some = checks.slice(i, i + AT_ONCE);
    const counts = some.map(({ bad }, at) => `select ${at} as place, count(*) as n from (${bad}) bad`);
    for (const row of await database.rows(`${counts.join(' union all ')} order by place`)) {
      const check = some[Number(row['place'])];
      if (check === undefined || Number(row['n']) === 0) continue;
      throw new PortError('audit_failed', `${check.model}: the audit "${check.name}" found ${String(row['n'])} rows`, {
        remedy: 'Nothing was published; the tables are those of the batch before. Correct the model and process again.',
      });
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
