import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './directory.ts';
import { TOY_MODELS } from './lake.ts';

/** A copy of the small models, and a way to change a text in a file of them, which has to be there. */
export function openToyModels() {
  const models = join(temporaryDirectory(), 'models');
  cpSync(TOY_MODELS, models, { recursive: true });
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(models, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(models, file), text.replace(from, to));
  };
  return { models, edit };
}
