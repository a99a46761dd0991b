import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';

const script = fileURLToPath(new URL('../../bin/browser.mjs', import.meta.url));

/** Runs the finder where nothing but these variables is known. */
function find(environment: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function withChromium(): string {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'chromium'), '#!/bin/sh\n');
  chmodSync(join(folder, 'chromium'), 0o755);
  return folder;
}

test('the path of a Chromium on the path is all that stands on stdout', () => {
  const folder = withChromium();
  expect(find({ PATH: folder })).toEqual({ status: 0, stdout: `${join(folder, 'chromium')}\n`, stderr: '' });
});

test('a browser that is named goes first', () => {
  const named = join(withChromium(), 'chromium');
  expect(find({ PATH: withChromium(), CHROMIUM: named }).stdout).toBe(`${named}\n`);
});

test.skipIf(process.platform !== 'linux')(
  'without one it says what is skipped, and is a failure only with CI=true',
  () => {
    const folder = temporaryDirectory();
    const here = find({ PATH: folder });
    expect([here.status, here.stdout]).toEqual([0, '']);
    expect(here.stderr).toContain('the browser tests are skipped');
    const inCi = find({ PATH: folder, CI: 'true' });
    expect([inCi.status, inCi.stdout]).toEqual([1, '']);
  },
);
