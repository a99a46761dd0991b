import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** The calls by which a batch changes what is on disk, outside of what DuckDB writes by itself. */
export type Operation = 'mkdir' | 'open' | 'rename' | 'rm' | 'renameSync';
export type Hook = (when: 'before' | 'after', operation: Operation, paths: string) => void;

/** Lets `hook` see every such call of this process, with its paths; the calls themselves do what they always do. */
export function watchOperations(hook: Hook): void {
  const watch =
    <A extends readonly unknown[], R>(name: Operation, call: (...parameters: A) => Promise<R>) =>
    async (...parameters: A): Promise<R> => {
      hook('before', name, pathsOf(parameters));
      const result = await call(...parameters);
      hook('after', name, pathsOf(parameters));
      return result;
    };
  const { mkdir, open, rename, rm } = promises;
  Object.assign(promises, {
    mkdir: watch('mkdir', mkdir),
    open: watch('open', open),
    rename: watch('rename', rename),
    rm: watch('rm', rm),
  });
  const { renameSync } = fs;
  fs.renameSync = (from, to) => {
    hook('before', 'renameSync', pathsOf([from, to]));
    renameSync(from, to);
    hook('after', 'renameSync', pathsOf([from, to]));
  };
  // Named imports of the engine follow.
  syncBuiltinESMExports();
}

function pathsOf([first, second]: readonly unknown[]): string {
  return [first, second].filter((one) => typeof one === 'string').join(' ');
}
