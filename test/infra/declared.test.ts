import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { stackKeys } from '../../infra/keys.ts';
import { providers } from '../../providers/index.ts';

const declared = z
  .object({ config: z.record(z.string(), z.object({ description: z.string().min(1), default: z.unknown() })) })
  .parse(parse(readFileSync('Pulumi.yaml', 'utf8'))).config;
const clients = Object.values(providers).flatMap(({ id, oauth }) =>
  oauth === undefined ? [] : [`${id}ClientId`, `${id}ClientSecret`],
);

test('Pulumi.yaml describes every key the program reads and those of every provider with grants, and no other', () => {
  const read = [...Object.keys(stackKeys.shape), ...clients, 'ownerToken'];
  expect(Object.keys(declared).toSorted()).toEqual(read.toSorted());
});

test('the defaults it states are those of the program', () => {
  const defaults = stackKeys.parse({});
  const stated = Object.entries(declared).filter(([, { default: value }]) => value !== '');
  expect(Object.fromEntries(stated.map(([key, { default: value }]) => [key, value]))).toEqual(defaults);
});
