import { expect, test } from 'vitest';
import { accountOf } from '../../../providers/kit/account.ts';

// printf 'garmin:d3315b1072421d0dd7c8f6b8e1de4df8' | openssl dgst -sha256 -binary | base32 | cut -c1-16 | tr A-Z a-z
test.each([
  ['garmin', 'd3315b1072421d0dd7c8f6b8e1de4df8', 'a_qcxujc7ldcmwrtvs'],
  ['garmin', '4aacafe82427c251df9c9592d0c06768', 'a_vkti4x2un3bcus57'],
  ['apple', 'mz3k7q2v5cbx4dvf', 'a_x4ifdx3qanu2bshh'],
  ['wellspring', 'user:u_aaaaaaaaaaaa', 'a_3ofjqzcx6xkbrld4'],
])('the account of %s %s is %s, whoever computes it', (provider, externalId, account) => {
  expect(accountOf(provider, externalId)).toBe(account);
});
