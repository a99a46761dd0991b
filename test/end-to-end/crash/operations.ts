import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** The calls by which a batch changes what is on disk, outside of what DuckDB writes by itself. */
const WATCHED = ['mkdir', 'open', 'rename', 'link', 'rm', 'writeFile'] as const;

export type Operation = (typeof WATCHED)[number] | 'renameSync';
export type Hook = (when: 'before' | 'after', operation: Operation, paths: string) => void;

/** Lets `hook` see every such call of this process, with its paths; the calls themselves do what they always do. */
export function watchOperations(hook: Hook): void {
  for (const name of WATCHED) {
    const call = Reflect.get(promises, name) as (...parameters: unknown[]) => Promise<unknown>;
    Reflect.set(promises, name, async (...parameters: unknown[]) => {
      hook('before', name, pathsOf(parameters));
      const result = await call(...parameters);
      hook('after', name, pathsOf(parameters));
      return result;
    });
  }
  const { renameSync } = fs;
  fs.renameSync = (from, to) => {
    hook('before', 'renameSync', pathsOf([from, to]));
    renameSync(from, to);
    hook('after', 'renameSync', pathsOf([from, to]));
  };
  syncBuiltinESMExports();
}

function pathsOf([first, second]: readonly unknown[]): string {
  return [first, second].filter((one) => typeof one === 'string').join(' ');
}
