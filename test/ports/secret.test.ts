import { inspect } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { readSecret } from '../../ports/secret/secrets-manager.ts';
import { openAnswering } from '../support/answering.ts';
import { TIME_OUT_MS } from '../support/time-out.ts';

const TEXT = 'a text nobody repeats';

// The client wants some.
beforeAll(() => void Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' }));

/** Secrets Manager that answers everything with this; undefined: nothing at all. */
async function read(status: number, answer: object | undefined): Promise<unknown> {
  const { url } = await openAnswering((response) => {
    if (answer === undefined) return;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  return readSecret('arn:ingest', { endpoint: url, region: 'us-east-1', attempts: 1, timeoutMs: TIME_OUT_MS });
}

test('the text of a secret is read as it is', async () => {
  expect(await read(200, { SecretString: `${TEXT}\n` })).toBe(`${TEXT}\n`);
});

test.each([
  ['holds nothing', 200, { SecretString: '' }, 'secret_missing'],
  ['holds bytes', 200, { SecretBinary: 'YQ==' }, 'secret_missing'],
  ['is not there', 400, { __type: 'ResourceNotFoundException', message: TEXT }, 'secret_missing'],
  ['is being deleted', 400, { __type: 'InvalidRequestException', message: TEXT }, 'secret_missing'],
  ['is not for this role', 400, { __type: 'AccessDeniedException', message: TEXT }, 'storage_denied'],
  ['cannot be decrypted', 400, { __type: 'DecryptionFailure', message: TEXT }, 'storage_failed'],
  ['is never answered', 0, undefined, 'storage_failed'],
])('a secret that %s is told by its code and in no word of its own', async (_, status, answer, code) => {
  const error: unknown = await read(status, answer).then(
    () => expect.unreachable('It was read.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'PortError', code });
  expect(inspect(error, { depth: 9 })).not.toMatch(/nobody repeats|arn:ingest/);
});
