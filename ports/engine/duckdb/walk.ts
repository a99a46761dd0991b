import type { Reader, Step } from './readers.ts';
import { identifier, jsonPath, literal, pointerTo } from './sql.ts';

/** Attributes of the envelope every object has: never a fallback for a field of the provider's. */
const STANDARD = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data', 'data_base64', 'sha256'];

/** The elements at the end of some steps, as a table of their own: what lies further inside is read from it, not from the document again. */
export interface Walk {
  readonly table: string;
  readonly steps: readonly Step[];
  /** The select that makes the table from that of the step before; of the first one from `reading`. */
  readonly sql: string;
}

/** The name of the column of `carried` that lines with these names share. */
export function carriedColumn(carry: readonly string[]): string {
  return identifier(`carried ${carry.join(' ')}`);
}

/** The walk that ends at these steps. */
export function walkTo(walks: readonly Walk[], steps: readonly Step[]): Walk | undefined {
  return walks.find((walk) => JSON.stringify(walk.steps) === JSON.stringify(steps));
}

/** `json_extract` of several paths at once: every expression parses the text for itself, and holds that until its rows are done. */
const extracted = (of: string, paths: readonly (readonly string[])[]): string =>
  `json_extract(${of}, [${paths.map((path) => literal(jsonPath(path))).join(', ')}])`;

const present = (value: string): string => `nullif(cast(${value} as varchar), 'null')`;

const NO_FIELDS = 'cast([] as varchar[])';

/** The payloads themselves; `c` holds the envelope attributes among the names. */
function rootSql(names: readonly string[]): string {
  const attributes = names.filter((name) => !STANDARD.includes(name));
  const c = names.map((name) =>
    attributes.includes(name) ? present(`a[${attributes.indexOf(name) + 1}]`) : 'cast(null as varchar)',
  );
  const a =
    attributes.length === 0
      ? 'null'
      : extracted(
          'document',
          attributes.map((name) => [name]),
        );
  return `select raw_key, r, '' as p, cast(null as varchar) as parent, cast([] as bigint[]) as place, cast(null as varchar) as k,
      ${c.length === 0 ? NO_FIELDS : `[${c.join(', ')}]`} as c
    from (select raw_key, json_extract(document, '$.data') as r, ${a} as a from reading) d`;
}

/** What is carried into the elements of a step, from the nearest enclosing object outwards: a list of JSON texts in order of the names. */
function fieldsSql(names: readonly string[], step: Step): { readonly f: string; readonly c: string } {
  if (names.length === 0) return { f: 'null', c: NO_FIELDS };
  const places = names.flatMap((name) => step.names.map((_, i) => [...step.names.slice(0, i), name]).toReversed());
  const depth = step.names.length;
  const c = names.map((_, n) => {
    const own = Array.from({ length: depth }, (_place, i) => present(`f[${n * depth + i + 1}]`));
    return `coalesce(${[...own, `c[${n + 1}]`].join(', ')})`;
  });
  return { f: places.length === 0 ? 'null' : extracted('r', places), c: `[${c.join(', ')}]` };
}

/** `carried` of the lines that carry these names; nulls left out. */
function carriedSql(names: readonly string[], carry: readonly string[]): string {
  if (carry.length === 0) return `'{}'`;
  const fields = carry.map((name) => `${literal(name)}, cast(coalesce(c[${names.indexOf(name) + 1}], 'null') as json)`);
  return `json_merge_patch('{}', json_object(${fields.join(', ')}))`;
}

/** One row an element. What an element does not need is left behind before the list is taken apart. */
function stepSql(from: Walk, step: Step, names: readonly string[], carries: readonly (readonly string[])[]): string {
  const isMap = step.over === 'map';
  const at = `json_extract(r, ${literal(jsonPath(step.names))})`;
  const ofMap = (value: string): string => `case when json_type(${at}) = 'OBJECT' then ${value} end`;
  const items = isMap
    ? `${ofMap(`json_extract(${at}, '$.*')`)} as l, ${ofMap(`json_keys(${at})`)} as ks`
    : `json_extract(r, ${literal(`${jsonPath(step.names)}[*]`)}) as l`;
  const { f, c } = fieldsSql(names, step);
  const columns = carries.map(carriedColumn).map((name) => `, ${name}`);
  const carried = carries.map((carry) => `, ${carriedSql(names, carry)} as ${carriedColumn(carry)}`);
  const index = isMap ? `replace(replace(k, '~', '~0'), '/', '~1')` : 'i';
  return `select raw_key, ${isMap ? `'{"key":' || to_json(k) || ',"value":' || item || '}'` : 'item'} as r,
      p || ${literal(`${pointerTo(step.names)}/`)} || ${index} as p, ${from.steps.length === 0 ? 'cast(null as varchar)' : 'p'} as parent,
      list_append(place, i) as place, ${isMap ? 'k' : 'cast(null as varchar) as k'}, c${columns.join('')}
    from (
      select raw_key, p, place, c${columns.join('')}, unnest(l) as item, unnest(range(0, len(l))) as i${isMap ? ', unnest(ks) as k' : ''}
      from (
        select raw_key, p, place, l, c${isMap ? ', ks' : ''}${carried.join('')}
        from (select * exclude (f, c), ${c} as c from (select *, ${f} as f, ${items} from ${from.table}) e) n
      ) o
    ) u`;
}

/** The walks through the payloads of one type, each after the one it starts from. */
export function walksOf(readers: readonly Reader[]): readonly Walk[] {
  const paths = readers.flatMap(({ steps }) => (steps === undefined ? [] : [steps]));
  const names = [...new Set(readers.flatMap(({ carry }) => carry))];
  const walks: Walk[] = [{ table: 'walk_0', steps: [], sql: rootSql(names) }];
  for (const path of paths) {
    for (const [level, step] of path.entries()) {
      const steps = path.slice(0, level + 1);
      const from = walkTo(walks, path.slice(0, level));
      if (from === undefined || walkTo(walks, steps) !== undefined) continue;
      const here = readers.filter((reader) => JSON.stringify(reader.steps) === JSON.stringify(steps));
      const carries = new Map(here.map(({ carry }) => [carriedColumn(carry), carry]));
      const table = `walk_${walks.length}`;
      walks.push({ table, steps, sql: stepSql(from, step, names, [...carries.values()]) });
    }
  }
  return walks;
}
