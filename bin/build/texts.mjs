import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Python leaves these beside its sources. */
const LEFT = /(^|\/)(__pycache__|\.[^/]+)(\/|$)|\.pyc$/;

/** The files of a folder below `root`, as names from `root` on, in order. */
export function texts(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !LEFT.test(name))
    .toSorted();
}
