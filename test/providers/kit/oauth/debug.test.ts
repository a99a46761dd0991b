import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openAnswering } from '../../../support/answering.ts';

const CHILD = fileURLToPath(new URL('debug.child.ts', import.meta.url));

test('with DEBUG=* no token and no secret is printed', async () => {
  const { url } = await openAnswering((response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"canary-access"}'),
  );
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD, url], {
    env: { ...process.env, DEBUG: '*' },
  });
  expect(stdout).toMatch(/^true /);
  expect(`${stdout}${stderr}`).not.toContain('canary');
});
