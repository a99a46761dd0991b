import { afterAll, beforeAll, describe } from 'vitest';
import type { AwsConnection } from '../../ports/aws.ts';
import { hasMoto, type Moto, startMoto, STARTS_WITHIN_MS } from './moto.ts';

/** Whether these tests speak with AWS itself: with `LIVE=1`, a region and credentials in the environment. What they make they remove. */
export const isLive = process.env['LIVE'] === '1';

/** Why tests that play AWS cannot run; undefined when they can. */
const skipped =
  isLive || hasMoto
    ? undefined
    : 'moto is not installed: run `node bin/python.mjs` (Python 3.11 with venv), or set LIVE=1.';

/** What a test file speaks with: moto of its own, or AWS. */
export interface Aws {
  /** For drivers and for clients of the test's own. */
  readonly connection: AwsConnection;
}

/**
 * Registers tests that speak with AWS: with moto of their own, started before the first and ended after the last, or with AWS itself. Where
 * neither is there they are skipped with a sentence, and with CI=true that is an error.
 */
export function onAws(register: (aws: Aws) => void): void {
  if (skipped !== undefined) {
    if (process.env['CI'] === 'true') throw new Error(skipped);
    process.stderr.write(`Skipped: ${skipped}\n`);
  }
  describe.skipIf(skipped !== undefined)(isLive ? 'on AWS' : 'on moto', () => {
    let moto: Moto | undefined;
    beforeAll(async () => {
      if (!isLive) moto = await startMoto();
    }, STARTS_WITHIN_MS);
    afterAll(() => moto?.stop());
    register({
      get connection() {
        return moto === undefined ? {} : moto.connection;
      },
    });
  });
}
