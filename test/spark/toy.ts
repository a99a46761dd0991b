import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TOY_MODELS } from '../support/lake.ts';

/** The models of the engine's own tests, with what the jobs ask for beside them. */
export function writeToyModels(directory: string): void {
  cpSync(TOY_MODELS, directory, { recursive: true });
  const yml = 'description: One row per object.\ngrain: [raw_key]\nmaterialized: table\npublished: true\n';
  for (const [name, where] of [
    ['samples', `type = 'toy.unheard_of'`],
    ['quarantine', 'problem is not null'],
  ]) {
    writeFileSync(path.join(directory, `${name}.sql`), `select raw_key from objects where ${where}`);
    writeFileSync(path.join(directory, `${name}.yml`), `${yml}columns: { raw_key: { type: text } }\n`);
  }
}
