import type { Reader, Step } from '../../ports/engine/duckdb/readers.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function elementsOf(value: unknown, { names, over }: Step): readonly unknown[] {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  if (over === 'list') return Array.isArray(found) ? found : [];
  return isObject(found) ? Object.values(found) : [];
}

/**
 * Counts the records of a payload: the elements `records.csv` goes to, each once however many of its lines go there. What engines make of them
 * (a refused record, a repeated one) is not asked: this is what there is to read.
 */
export function countRecords(readers: readonly Reader[], type: string, data: unknown): number {
  const paths = new Map(
    readers.flatMap((one) =>
      one.type === type && one.steps !== undefined ? [[JSON.stringify(one.steps), one.steps]] : [],
    ),
  );
  let records = 0;
  for (const steps of paths.values()) {
    let reached: readonly unknown[] = [data];
    for (const step of steps) reached = reached.flatMap((value) => elementsOf(value, step));
    records += reached.length;
  }
  return records;
}
