import { expect, test } from 'vitest';
import { noCollect } from '../../../app/collect/no-collect.ts';
import { watch } from './toys.ts';

test('a provider that is asked for old days alone is told so', () => {
  expect(noCollect(watch).remedy).toContain('wellspring backfill watch --user <name> --from <day> --to <day>');
});

test('of doors a provider does not have nothing is said', () => {
  const { id, name, docs, portal, policy } = watch;
  expect(noCollect({ id, name, docs, portal, policy }).remedy).toBeUndefined();
});
