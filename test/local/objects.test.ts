import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../../local/config.ts';
import { bucketIn } from '../../local/objects.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { startProgram } from '../support/program.ts';

test('a bucket may have a prefix, and one slash at its end says nothing', () => {
  const prefixed = { bucket: 'my-health', prefix: 'homes/anna/' };
  expect(bucketIn('s3://my-health')).toEqual({ bucket: 'my-health', prefix: '' });
  expect(bucketIn('s3://my-health/')).toEqual({ bucket: 'my-health', prefix: '' });
  expect([bucketIn('s3://my-health/homes/anna'), bucketIn('s3://my-health/homes/anna/')]).toEqual([prefixed, prefixed]);
});

test.each([
  'my-health',
  's3:/my-health',
  's3://',
  's3://a',
  's3://My-Health',
  's3://my.health',
  's3://-health',
  `s3://${'a'.repeat(64)}`,
  's3://my-health//x',
  's3://my-health/x//y',
  's3://my-health/../x',
  's3://my-health/a b',
  's3://my-health/x?y',
  's3://key:secret@my-health',
  'https://my-health.s3.amazonaws.com',
])('%s is refused by the name of its variable and what is wanted', (text) => {
  const load = () => loadConfiguration({ dataDir: temporaryDirectory(), environment: { WELLSPRING_OBJECTS: text } });
  const refused = { code: 'bad_configuration', message: 'The setting objects in WELLSPRING_OBJECTS is not usable.' };
  expect(load).toThrow(
    expect.objectContaining({ ...refused, exit: 2, detail: expect.stringContaining('s3://BUCKET/PREFIX') }),
  );
});

test('the program refuses a place it does not understand before it makes anything', async () => {
  const home = temporaryDirectory();
  const { code, err } = await startProgram(['user', 'list'], { WELLSPRING_OBJECTS: 's3://My Health' }, home).ended;
  expect([code, err.includes('WELLSPRING_OBJECTS')]).toEqual([2, true]);
  expect(readdirSync(join(home))).toEqual([]);
});
