import type { Reader, Step } from './readers.ts';
import { jsonPath, literal, pointerTo } from './sql.ts';

/** The elements `r` at the end of these list steps, each with its pointer `p`. */
function elementsSql(type: string, steps: readonly Step[]): string {
  return steps.reduce(
    (from, { names }) =>
      `(select raw_key, item as r, p || ${literal(`${pointerTo(names)}/`)} || i as p from (
         select raw_key, p, unnest(l) as item, unnest(range(0, len(l))) as i
         from (select raw_key, p, json_extract(r, ${literal(`${jsonPath(names)}[*]`)}) as l from ${from} e) l) u)`,
    `(select raw_key, json_extract(document, '$.data') as r, '' as p from reading where type = ${literal(type)})`,
  );
}

/** What stands at each name on the way of one step, beside the JSON type it should have. */
function placesSql(elements: string, { names, over }: Step, ownsElements: boolean): readonly string[] {
  const places = names.map((_, index) => {
    const walked = names.slice(0, index + 1);
    const expected = index === names.length - 1 && over === 'list' ? 'ARRAY' : 'OBJECT';
    return `select raw_key, p || ${literal(pointerTo(walked))} as pointer, json_extract(r, ${literal(jsonPath(walked))}) as v, '${expected}' as expected from ${elements} w`;
  });
  // an element that is read as a record is refused as one
  const own = `select raw_key, p as pointer, r as v, 'OBJECT' as expected from ${elements} w`;
  return ownsElements || names.length === 0 ? places : [own, ...places];
}

/**
 * The DuckDB select, over `reading`, of what stands where the readers of one type walk through a list or an object and is something
 * else: raw_key, pointer, record. What is empty or null holds nothing, so nothing of it is lost. Undefined when they walk nowhere.
 */
export function shapesSql(type: string, readers: readonly Reader[]): string | undefined {
  const paths = readers.flatMap(({ steps }) => (steps === undefined || steps.length === 0 ? [] : [steps]));
  const keys = new Set(paths.map((steps) => JSON.stringify(steps)));
  const walks = new Map(
    paths.flatMap((steps) =>
      steps.map((step, level) => [JSON.stringify(steps.slice(0, level + 1)), [steps.slice(0, level), step]] as const),
    ),
  );
  const places = [...walks.values()].flatMap(([before, step]) =>
    placesSql(elementsSql(type, before), step, keys.has(JSON.stringify(before))),
  );
  if (places.length === 0) return undefined;
  return `select distinct raw_key, pointer, cast(v as varchar) as record from (${places.join(' union all ')}) x
    where json_type(v) not in (expected, 'NULL')
      and not (json_type(v) = 'ARRAY' and json_array_length(v) = 0) and not (json_type(v) = 'OBJECT' and len(json_keys(v)) = 0)`;
}
