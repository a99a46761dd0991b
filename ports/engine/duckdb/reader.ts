import type { Condition, Identity, Reader, Step } from './readers.ts';
import { jsonPath, literal, pointerTo } from './sql.ts';

/** Attributes of the envelope every object has: never a fallback for a field of the provider's. */
const STANDARD = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data', 'data_base64', 'sha256'];

/** The fields of the enclosing objects, nearest first, then envelope attributes, as one JSON object; nulls left out. */
function carriedSql(reader: Reader, steps: readonly Step[]): string {
  if (reader.carry.length === 0) return `'{}'`;
  const fields = reader.carry.map((name) => {
    const places = steps.flatMap((step, level) =>
      step.names.map((_, i) => [`r${level}`, [...step.names.slice(0, i), name]] as const).toReversed(),
    );
    const nearest = steps
      .map((_, level) => places.filter(([parent]) => parent === `r${level}`))
      .toReversed()
      .flat()
      .map(([parent, names]) => `json_extract(${parent}, ${literal(jsonPath(names))})`);
    const attribute = STANDARD.includes(name) ? [] : [`json_extract(document, ${literal(jsonPath([name]))})`];
    const values = [...nearest, ...attribute].map((value) => `nullif(cast(${value} as varchar), 'null')`);
    return `${literal(name)}, cast(coalesce(${values.join(', ')}, 'null') as json)`;
  });
  return `json_merge_patch('{}', json_object(${fields.join(', ')}))`;
}

/** One select a step; the last one yields record `r`, its pointer `p`, that of its parent, and the order of its place. */
function walkSql(reader: Reader, steps: readonly Step[]): string {
  let from = `(select raw_key, document, json_extract(document, '$.data') as r0, '' as p0 from reading where type = ${literal(reader.type)})`;
  if (steps.length === 0) {
    return `select raw_key, r0 as r, '' as p, cast(null as varchar) as parent, '{}' as carried, [0] as place, null as k from ${from}`;
  }
  steps.forEach((step, level) => {
    const last = level === steps.length - 1;
    const at = `json_extract(r${level}, ${literal(jsonPath(step.names))})`;
    const parent = level === 0 ? 'cast(null as varchar)' : `p${level}`;
    const place = level === 0 ? '[i]' : 'list_append(place, i)';
    const items =
      step.over === 'list'
        ? `json_extract(r${level}, ${literal(`${jsonPath(step.names)}[*]`)}) as l, null as ks`
        : `case when json_type(${at}) = 'OBJECT' then json_extract(${at}, '$.*') end as l, case when json_type(${at}) = 'OBJECT' then json_keys(${at}) end as ks`;
    const index = step.over === 'list' ? 'i' : `replace(replace(k, '~', '~0'), '/', '~1')`;
    const pointer = `p${level} || ${literal(`${pointerTo(step.names)}/`)} || ${index}`;
    const carried = last ? `${carriedSql(reader, steps)} as carried` : '*';
    const keep = Array.from({ length: level + 1 }, (_, n) => `r${n}, p${n}`).join(', ');
    const kept = `raw_key, ${last ? `p${level}, carried` : `document, ${keep}`}${level === 0 ? '' : ', place'}`;
    const inner = `select ${last ? `raw_key, p${level}, ${carried}${level === 0 ? '' : ', place'}` : '*'}, ${items} from ${from} s${level}`;
    const unnested = `select ${kept}, unnest(l) as item, unnest(range(0, len(l))) as i${step.over === 'map' ? ', unnest(ks) as k' : ''} from (${inner}) t${level}`;
    from = last
      ? `select raw_key, ${step.over === 'list' ? 'item' : `'{"key":' || to_json(k) || ',"value":' || item || '}'`} as r, ${pointer} as p, ${parent} as parent, carried, ${place} as place, ${step.over === 'map' ? 'k' : 'null'} as k from (${unnested}) u${level}`
      : `(select raw_key, document, ${keep}, item as r${level + 1}, ${pointer} as p${level + 1}, ${place} as place from (${unnested}) u${level})`;
  });
  return from;
}

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
 * The DuckDB select of one line of `records.csv` over `reading(raw_key, type, document)`:
 * raw_key, entity, pointer, parent, key, record, carried (models/README.md says what each is).
 */
export function readerSql(reader: Reader): string | undefined {
  if (reader.steps === undefined) return undefined;
  const names = namesOf(reader);
  const isMap = reader.steps.at(-1)?.over === 'map';
  const paths = names.map((name) => literal(jsonPath([name]))).join(', ');
  const own = (name: string): string => `rv[${names.indexOf(name) + 1}]`;
  const inherited = (name: string): string => `cv[${names.indexOf(name) + 1}]`;
  const field = (name: string): string => {
    if (isMap) return name === 'key' ? 'k' : inherited(name);
    return reader.carry.includes(name) ? `coalesce(${own(name)}, ${inherited(name)})` : own(name);
  };
  const { key, numbered } = keySql(reader.identity, field);
  const lookups = [
    names.length > 0 && !isMap ? `json_extract_string(r, [${paths}]) as rv` : 'null as rv',
    names.length > 0 && reader.carry.length > 0 ? `json_extract_string(carried, [${paths}]) as cv` : 'null as cv',
  ].join(', ');
  const where = reader.where.map((condition) => conditionSql(condition, field(condition.name)));
  const occurrence = 'row_number() over (partition by raw_key, base order by place)';
  const keyed = reader.identity.some((way) => way.numbered)
    ? `case when numbered then left(base, length(base) - 1) || case when base = '[]' then '' else ',' end || ${occurrence} || ']' else base end`
    : 'base';
  return `select raw_key, ${literal(reader.entity)} as entity, p as pointer, parent, ${keyed} as key,
    cast(r as varchar) as record, cast(carried as varchar) as carried
  from (select *, ${key} as base, ${numbered} as numbered from (select *, ${lookups} from (${walkSql(reader, reader.steps)}) w) f
    ${where.length === 0 ? '' : `where ${where.join(' and ')}`}) named`;
}
