import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WellspringError } from '../../app/errors.ts';
import { loadConfiguration, variableOf } from '../../local/config.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wellspring-config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(dataDir, 'wellspring.json'), text);

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  write('{"port": 1111, "host": "10.0.0.1", "batchSize": 7}');
  const { values, originOf } = loadConfiguration({
    dataDir,
    environment: { WELLSPRING_PORT: '2222', WELLSPRING_HOST: '10.0.0.2' },
    flags: { port: '3333' },
  });
  expect([values.port, values.host, values.batchSize, values.batchWindowSeconds]).toEqual([3333, '10.0.0.2', 7, 900]);
  expect((['port', 'host', 'batchSize', 'batchWindowSeconds'] as const).map(originOf)).toEqual([
    'flag',
    'environment',
    'file',
    'default',
  ]);
});

test('names in the environment are the upper snake case of the key', () => {
  expect(variableOf('batchWindowSeconds')).toBe('WELLSPRING_BATCH_WINDOW_SECONDS');
  expect(variableOf('garminClientId')).toBe('WELLSPRING_GARMIN_CLIENT_ID');
});

test('a key nobody knows is warned about by name and changes nothing', () => {
  write('{"batchsize": 7}');
  const { values, warnings } = loadConfiguration({ dataDir, environment: {} });
  expect(values.batchSize).toBe(3);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('"batchsize"');
});

test.each([
  ['WELLSPRING_PORT', '70000', 'port'],
  ['WELLSPRING_PORT', '80x', 'port'],
  ['WELLSPRING_BATCH_SIZE', '0', 'batchSize'],
  ['WELLSPRING_TIMEZONE', 'Europe/Atlantis', 'timezone'],
  ['WELLSPRING_PUBLIC_URL', 'ftp://example.org', 'publicUrl'],
  ['WELLSPRING_OWNER_TOKEN', 'short', 'ownerToken'],
])('%s=%s is refused with exit code 2, naming the key', (variable, value, key) => {
  const error = failure(() => loadConfiguration({ dataDir, environment: { [variable]: value } }));
  expect([error.code, error.exit]).toEqual(['bad_configuration', 2]);
  expect(error.detail).toContain(`${key}: `);
});

test("the owner's token in the file is refused, and the error does not repeat it", () => {
  write('{"ownerToken": "canary-canary-canary"}');
  const error = failure(() => loadConfiguration({ dataDir, environment: {} }));
  expect(error.exit).toBe(2);
  expect(`${error.message} ${error.detail} ${error.remedy}`).not.toContain('canary');
});

test('a file that is no JSON object is refused and left as it is', () => {
  write('[1, 2]');
  expect(failure(() => loadConfiguration({ dataDir, environment: {} })).exit).toBe(2);
});

test('an address loses its trailing slash, so that paths can be put behind it', () => {
  const { values } = loadConfiguration({
    dataDir,
    environment: { WELLSPRING_PUBLIC_URL: 'https://health.example.org/' },
  });
  expect(values.publicUrl).toBe('https://health.example.org');
});

function failure(action: () => unknown): WellspringError {
  try {
    action();
  } catch (error) {
    if (error instanceof WellspringError) return error;
  }
  throw new Error('It was not refused.');
}
