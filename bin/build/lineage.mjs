import { readFileSync, readdirSync } from 'node:fs';
import { join, parse as parsePath } from 'node:path';
import { parse } from 'yaml';

/** The module `models/lineage.ts` as a bundle has it: what pages ask of the .yml files as data, without whatever reads YAML. */
export function lineage(directory = 'models') {
  const stated = readdirSync(directory, { recursive: true })
    .filter((file) => file.endsWith('.yml'))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((file) => [parsePath(file).name, parse(readFileSync(join(directory, file), 'utf8'))])
    .filter(([, { materialized }]) => materialized === 'table')
    .map(([name, { grain, materialized, published, columns, explain }]) => {
      const types = Object.entries(columns).map(([column, { type }]) => [column, { type }]);
      return [name, { grain, materialized, published, columns: Object.fromEntries(types), explain }];
    });
  return `export const statedModels = () => (${JSON.stringify(Object.fromEntries(stated))});`;
}
