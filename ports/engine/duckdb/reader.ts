import type { Condition, Identity, Reader } from './readers.ts';
import { jsonPath, literal } from './sql.ts';
import { carriedColumn, walkTo, type Walk } from './walk.ts';

function namesOf(reader: Reader): readonly string[] {
  const identity = reader.identity.flatMap((way) => way.fields.map((field) => field.name));
  return [...new Set([...reader.where.map((condition) => condition.name), ...identity])];
}

/** A key as the JSON text of its values; null when a required field, or every field, is missing. */
function keySql(identity: readonly Identity[], field: (name: string) => string): { key: string; numbered: string } {
  const ways = identity.map((way) => {
    const values = way.fields.map((f) => field(f.name));
    const needed = way.fields.filter((f) => !f.optional).map((f) => `${field(f.name)} is not null`);
    const any = values.length === 0 ? 'true' : `coalesce(${values.join(', ')}) is not null`;
    const list = `cast(to_json(cast([${values.join(', ')}] as varchar[])) as varchar)`;
    return { when: needed.length > 0 ? needed.join(' and ') : any, list, numbered: way.numbered };
  });
  return {
    key: `case ${ways.map((way) => `when ${way.when} then ${way.list}`).join(' ')} end`,
    numbered: `case ${ways.map((way) => `when ${way.when} then ${way.numbered}`).join(' ')} else false end`,
  };
}

function conditionSql(condition: Condition, field: string): string {
  if (condition.op === 'there') return `${field} is not null`;
  if (condition.op === 'absent') return `${field} is null`;
  return `${field} ${condition.op === '=' ? '=' : 'is distinct from'} ${literal(condition.value)}`;
}

/**
 * The DuckDB select of one line of `records.csv` over the walk that ends where its records are:
 * raw_key, entity, pointer, parent, key, record, carried (models/README.md says what each is).
 */
export function readerSql(reader: Reader, walks: readonly Walk[]): string | undefined {
  const walk = reader.steps === undefined ? undefined : walkTo(walks, reader.steps);
  if (walk === undefined) return undefined;
  const names = namesOf(reader);
  const isMap = walk.steps.at(-1)?.over === 'map';
  const carry = walk.steps.length === 0 ? [] : reader.carry;
  const paths = names.map((name) => literal(jsonPath([name]))).join(', ');
  const own = (name: string): string => `rv[${names.indexOf(name) + 1}]`;
  const inherited = (name: string): string => `cv[${names.indexOf(name) + 1}]`;
  const field = (name: string): string => {
    if (isMap) return name === 'key' ? 'k' : inherited(name);
    return carry.includes(name) ? `coalesce(${own(name)}, ${inherited(name)})` : own(name);
  };
  const { key, numbered } = keySql(reader.identity, field);
  const carried = walk.steps.length === 0 ? `'{}'` : carriedColumn(carry);
  const lookups = [
    names.length > 0 && !isMap ? `json_extract_string(r, [${paths}]) as rv` : 'null as rv',
    names.length > 0 && carry.length > 0 ? `json_extract_string(${carried}, [${paths}]) as cv` : 'null as cv',
  ].join(', ');
  const where = reader.where.map((condition) => conditionSql(condition, field(condition.name)));
  const occurrence = 'row_number() over (partition by raw_key, base order by place)';
  const keyed = reader.identity.some((way) => way.numbered)
    ? `case when numbered then left(base, length(base) - 1) || case when base = '[]' then '' else ',' end || ${occurrence} || ']' else base end`
    : 'base';
  return `select raw_key, ${literal(reader.entity)} as entity, p as pointer, parent, ${keyed} as key,
    cast(r as varchar) as record, cast(carried as varchar) as carried
  from (select *, ${key} as base, ${numbered} as numbered
    from (select raw_key, r, p, parent, place, k, ${carried} as carried, ${lookups} from ${walk.table}) f
    ${where.length === 0 ? '' : `where ${where.join(' and ')}`}) named`;
}
