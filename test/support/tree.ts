import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files below a folder of the project whose path matches, without fixtures, in order of path. */
export function filesBelow(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(path) && !path.startsWith(join('test', 'fixtures')))
    .toSorted();
}

export function read(path: string): string {
  return readFileSync(path, 'utf8');
}

export function linesOf(path: string): number {
  return read(path).trimEnd().split('\n').length;
}

/** The code of a file: comments may name what code must not. */
export function withoutComments(path: string): string {
  return read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}
