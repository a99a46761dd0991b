import { expect, test } from 'vitest';
import { sweep } from '../../../app/sweep.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import { createKeyring } from '../../../providers/kit/keyring.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { keysOf } from '../../support/door.ts';
import { openStack } from './stack.ts';

const { deliveries } = generatePeople({ seed: 'unverified', days: 3, people: 2, until: '2026-11-15' });
const pushes = deliveries.flatMap((parcel) => (parcel.kind === 'push' ? [parcel] : []));
const ours = createKeyring({ secrets: ['the secret of unverified'] });
const strangers = createKeyring({ secrets: ['the secret of somebody else'] });

const garmin = (key: string) => ({ path: `/webhooks/garmin/${key}` });
const apple = (token: string) => ({ path: '/webhooks/apple', token });

test.each([
  { why: 'without a key', path: '/webhooks/garmin' },
  { why: 'with a key of another stack', ...garmin(strangers.issue('garmin', 'path', 'k1')) },
  { why: 'with the key of another provider', ...garmin(ours.issue('apple', 'path', 'k1')) },
  { why: 'with a token for a key', ...garmin(ours.issue('garmin', 'token', 'k1')) },
  { why: 'with the proof cut short', ...garmin(ours.issue('garmin', 'path', 'k1').slice(0, -1)) },
  { why: 'without a token', path: '/webhooks/apple' },
  { why: 'with a token of another stack', ...apple(strangers.issue('apple', 'token', 'phone-of-anna')) },
  { why: 'with an empty token', ...apple('') },
])('a push $why is refused, and nothing is written anywhere', async ({ path, ...credentials }) => {
  const stack = openStack({ directory: temporaryDirectory(), seed: 'unverified', startMs: Date.UTC(2026, 10, 17) });
  const app = createWebhooks(stack);
  const headers = 'token' in credentials ? { authorization: `Bearer ${credentials.token}` } : {};
  // Whole deliveries, and bytes that would be kept aside had their sender been verified.
  for (const body of [...pushes.map((parcel) => parcel.body), '{"dailies":', '']) {
    const { status } = await app.request(path, { method: 'POST', headers, body });
    expect(status).toBe(401);
  }
  expect(await keysOf(stack.objects)).toEqual([]);
  expect(await sweep(stack)).toBeUndefined();
  await stack.close();
});
