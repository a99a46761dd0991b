import { expect, test } from 'vitest';
import { settleAddresses } from '../../app/addresses.ts';
import { exclusively } from '../../app/exclusive.ts';
import { openDesk } from '../support/desk.ts';

test('subscriptions are ended while nobody gives an address', async () => {
  const { runtime } = openDesk();
  const told: string[] = [];
  const addresses = {
    set: async () => undefined,
    list: async () => [],
    settle: async () => {
      told.push('settled');
      return 0;
    },
  };
  let settling: Promise<void> | undefined;
  await exclusively(runtime, async () => {
    settling = settleAddresses({ ...runtime, addresses });
    for (let moment = 0; moment < 20; moment += 1) await new Promise((next) => setImmediate(next));
    told.push('given');
  });
  await settling;
  expect(told).toEqual(['given', 'settled']);
});
