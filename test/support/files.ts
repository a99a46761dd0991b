import type { Files } from '../../ports/files/files.ts';
import { nodeFiles } from '../../ports/files/node.ts';

/** The steps of a durable write, by the names the crash tests use. */
export type Step = 'opened' | 'written' | 'synced' | 'linked' | 'directory made' | 'directory synced' | 'names read';

/**
 * The real file system with a hook after each step of a durable write: an observer, a fault (throw) or a crash (kill).
 * `before` runs instead of the step when it throws: the disk then refuses it.
 */
export function watchedFiles(hooks: {
  readonly before?: (step: Step, path: string) => void | Promise<void>;
  readonly after?: (step: Step, path: string) => void | Promise<void>;
}): Files {
  async function step<T>(name: Step, path: string, work: () => Promise<T>): Promise<T> {
    await hooks.before?.(name, path);
    const result = await work();
    await hooks.after?.(name, path);
    return result;
  }
  return {
    ...nodeFiles,
    create: (path) =>
      step('opened', path, async () => {
        const file = await nodeFiles.create(path);
        return {
          write: (bytes) => step('written', path, () => file.write(bytes)),
          sync: () => step('synced', path, () => file.sync()),
          close: () => file.close(),
        };
      }),
    link: (path, name) => step('linked', name, () => nodeFiles.link(path, name)),
    makeDirectory: (path) => step('directory made', path, () => nodeFiles.makeDirectory(path)),
    names: (path) => step('names read', path, () => nodeFiles.names(path)),
    syncDirectory: (path) => step('directory synced', path, () => nodeFiles.syncDirectory(path)),
  };
}

/** The error the system gives for a code such as `ENOSPC`. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused by the test`), { code });
}
