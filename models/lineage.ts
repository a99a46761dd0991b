import { readFileSync, readdirSync } from 'node:fs';
import { parse as parsePath } from 'node:path';
import { parse } from 'yaml';

/** What the `.yml` of every stored model says, by the name of the model and not judged. A bundle carries the same as data (bin/build/lineage.mjs). */
export function statedModels(): Readonly<Record<string, unknown>> {
  const stated = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yml'))
    .toSorted()
    .map((file) => ({ file, text: readFileSync(new URL(file.replaceAll('\\', '/'), import.meta.url), 'utf8') }))
    // Most models are views: their files need not be read as YAML.
    .filter(({ text }) => /^materialized: table\s*$/m.test(text))
    .map(({ file, text }): readonly [string, unknown] => [parsePath(file).name, parse(text)]);
  return Object.fromEntries(stated);
}
