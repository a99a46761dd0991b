import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { parse } from 'yaml';
import { modelFiles } from './models.mjs';
import { texts } from './texts.mjs';

const SCRIPTS = ['silver.py', 'gold.py', 'small.py', 'erase.py'];
/** Fixed, so that the same files are the same bytes; local midnight, because a zip knows no time zone. */
const MTIME = new Date(1980, 0, 1);

/** What the Glue jobs are given: `[name, bytes]` of the scripts, the package beside them and the models. */
export function jobs() {
  const missing = SCRIPTS.filter((name) => !existsSync(join('glue', name)));
  if (missing.length > 0) throw new Error(`glue/ holds no ${missing.join(', ')}.`);
  return [
    ...SCRIPTS.map((name) => [name, readFileSync(join('glue', name))]),
    // Python imports a package by its folder's name; the models are found from their own root.
    ['wellspring.zip', zip(read('glue', texts('glue', 'wellspring')))],
    ['models.zip', zip(models())],
  ];
}

/** What a run reads of models/, and each .yml once more as JSON: a worker of Glue need not have anything that reads YAML. */
function models() {
  const files = read('models', modelFiles());
  const plain = files
    .filter(([name]) => name.endsWith('.yml'))
    .map(([name, bytes]) => [name.replace(/\.yml$/, '.json'), Buffer.from(JSON.stringify(parse(bytes.toString())))]);
  return [...files, ...plain].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const read = (root, names) => names.map((name) => [name, readFileSync(join(root, name))]);

function zip(named) {
  const entries = named.map(([name, bytes]) => [name, [bytes, { mtime: MTIME, level: 9 }]]);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}
