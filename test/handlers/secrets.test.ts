import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { openWeb } from '../../handlers/web-runtime.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import { openAnswering } from '../support/answering.ts';
import { VARIABLES } from '../support/variables.ts';

const MINUTE_MS = 60_000;
const FIRST = { ingest: 'ingest-1\n', clients: '{"oura":"client-1"}', owner: 'owner-1' };
const asked = z.object({ SecretId: z.string() });

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-05T06:00:00Z') }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A running function, and the secrets of the stack, which others change. */
async function open() {
  let secrets: Readonly<Record<string, string>> = FIRST;
  const { url } = await openAnswering((response, { headers, body }) => {
    const isSecret = String(headers['x-amz-target']).endsWith('.GetSecretValue');
    const found = isSecret ? secrets[asked.parse(JSON.parse(body)).SecretId] : undefined;
    response.writeHead(isSecret && found === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    const refused = { __type: 'ResourceNotFoundException' };
    response.end(JSON.stringify(isSecret ? (found === undefined ? refused : { SecretString: found }) : { Items: [] }));
  });
  const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' };
  for (const [name, value] of Object.entries({ ...keys, AWS_ENDPOINT_URL: url })) vi.stubEnv(name, value);
  const runtime = await openWeb(VARIABLES);
  const opens = (secret: string) =>
    runtime.keyring.check('garmin', 'path', createKeyring({ secrets: [secret] }).issue('garmin', 'path', 'k1')).ok;
  return {
    change: (changed: typeof secrets) => void (secrets = changed),
    /** What holds when the next call comes, some minutes later. */
    after: async (minutes: number) => {
      vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
      await runtime.refresh();
      return {
        owner: runtime.ownerToken,
        client: runtime.settings('oura').clientSecrets?.map((secret) => secret.reveal()),
        doors: ['ingest-1', 'ingest-2'].filter(opens),
      };
    },
  };
}

const BEFORE = { owner: 'owner-1', client: ['client-1'], doors: ['ingest-1'] };

test('a secret that was changed holds in running functions five minutes later', async () => {
  const { change, after } = await open();
  change({ ingest: 'ingest-2\ningest-1\n', clients: '{"oura":"client-2"}', owner: 'owner-2' });
  expect(await after(4)).toEqual(BEFORE);
  expect(await after(1)).toEqual({ owner: 'owner-2', client: ['client-2'], doors: ['ingest-1', 'ingest-2'] });
});

test('secrets that cannot be read again hold as they were', async () => {
  const { change, after } = await open();
  change({});
  expect(await after(5)).toEqual(BEFORE);
  change({ ...FIRST, ingest: 'ingest-2', clients: 'no JSON' });
  expect(await after(0)).toEqual(BEFORE);
});
