import type { Reader, Step } from './readers.ts';
import { jsonPath, literal, pointerTo } from './sql.ts';
import { walkTo, type Walk } from './walk.ts';

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
 * The DuckDB select, over the walks of one type, of what stands where its readers walk through a list or an object and is something
 * else: raw_key, pointer, record. What is empty or null holds nothing, so nothing of it is lost. Undefined when they walk nowhere.
 */
export function shapesSql(readers: readonly Reader[], walks: readonly Walk[]): string | undefined {
  const places = walks.flatMap(({ steps }) => {
    const step = steps.at(-1);
    const from = walkTo(walks, steps.slice(0, -1));
    if (step === undefined || from === undefined) return [];
    const isRead =
      from.steps.length > 0 &&
      readers.some((reader) => reader.steps !== undefined && walkTo([from], reader.steps) === from);
    return placesSql(from.table, step, isRead);
  });
  if (places.length === 0) return undefined;
  return `select distinct raw_key, pointer, cast(v as varchar) as record from (${places.join(' union all ')}) x
    where json_type(v) not in (expected, 'NULL')
      and not (json_type(v) = 'ARRAY' and json_array_length(v) = 0) and not (json_type(v) = 'OBJECT' and len(json_keys(v)) = 0)`;
}
