import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty directory for the running test, removed when the test has finished; symbolic links already followed. */
export function temporaryDirectory(): string {
  const directory = makeDirectory();
  onTestFinished(() => removeDirectory(directory));
  return directory;
}

/** For `beforeAll`: the caller removes it in `afterAll`. */
export function makeDirectory(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'wellspring-'));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
