import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file below a directory, by its path from there. */
export interface Found {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every file below `directory`. Only while a program `isRunning` there may one vanish between the list and the look. */
export function filesIn(directory: string, { isRunning }: { readonly isRunning: boolean }): readonly Found[] {
  const walk = (folder: string): readonly Found[] => {
    const entries = ifThere(isRunning, () => readdirSync(folder, { withFileTypes: true })) ?? [];
    return entries.flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      const bytes = entry.isFile() ? ifThere(isRunning, () => readFileSync(path)) : undefined;
      return bytes === undefined ? [] : [{ name: relative(directory, path), bytes }];
    });
  };
  return walk(directory);
}

/** What `look` sees; undefined where it has vanished (ENOENT) and may have. */
export function ifThere<T>(mayVanish: boolean, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (mayVanish && error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
