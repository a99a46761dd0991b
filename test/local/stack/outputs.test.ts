import { expect, test } from 'vitest';
import { readOutputs, type Run } from '../../../local/stack/outputs.ts';

const OUTPUTS = {
  url: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com',
  rawBucket: 'raw',
  lakeBucket: 'lake',
  athenaWorkgroup: 'wellspring-dev',
  athenaDatabase: 'wellspring_dev',
  glueWorkflow: 'wellspring-dev-transform',
  busName: 'wellspring-dev',
  summaryTopicArn: 'arn:aws:sns:eu-central-1:123456789012:wellspring-dev-summary',
  ownerTokenSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:wellspring-dev/owner-token-AbCdEf',
};

const says =
  (text: string): Run =>
  async () =>
    text;
const fails =
  (error: unknown): Run =>
  async () => {
    throw error;
  };

test('the outputs are those of the stack that was named, asked of pulumi', async () => {
  const asked: (readonly string[])[] = [];
  const run: Run = async (command, words) => {
    asked.push([command, ...words]);
    return JSON.stringify({ ...OUTPUTS, another: 'one that came later' });
  };
  expect(await readOutputs('somebody/wellspring/dev', run)).toEqual(OUTPUTS);
  expect(asked).toEqual([['pulumi', 'stack', 'output', '--json', '--stack', 'somebody/wellspring/dev']]);
});

test.each([
  ['without pulumi', fails(Object.assign(new Error('spawn pulumi ENOENT'), { code: 'ENOENT' })), 'no_pulumi'],
  ['for a stack nobody has', fails(Object.assign(new Error('exit 255'), { code: 255 })), 'unknown_stack'],
  ['for what is not an error at all', fails('killed'), 'unknown_stack'],
  ['before the first up', says('{}'), 'stack_not_up'],
  ['for nothing', says(''), 'stack_not_up'],
  ['for what is no JSON', says('error: no stack'), 'stack_not_up'],
  ['for outputs of another program', says(JSON.stringify({ ...OUTPUTS, rawBucket: 7 })), 'stack_not_up'],
  ['for an address that is none', says(JSON.stringify({ ...OUTPUTS, url: 'soon' })), 'stack_not_up'],
  ['for a masked secret', says(JSON.stringify({ ...OUTPUTS, ownerTokenSecretArn: '[secret]' })), 'stack_not_up'],
])('%s it says so with a remedy, as wrong usage', async (_, run, code) => {
  await expect(readOutputs('dev', run)).rejects.toMatchObject({ code, exit: 2, remedy: expect.any(String) });
});
