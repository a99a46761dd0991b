import { expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../../app/api.ts';
import { openPages } from '../../support/pages.ts';

const parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean() });
const operation = z.object({
  parameters: z.array(parameter).default([]),
  responses: z.record(z.string(), z.unknown()),
});
const schema = z.object({ required: z.array(z.string()).optional(), properties: z.record(z.string(), z.unknown()) });
const description = z.object({
  openapi: z.literal('3.1.0'),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  // By path, then by method.
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

async function describe() {
  const api = createApi(openPages().runtime);
  return description.parse(await (await api.request('/openapi.json')).json());
}

test('the description names every route and needs no token', async () => {
  const paths = Object.keys((await describe()).paths);
  const lists = [
    'daily',
    'observations',
    'sleep',
    'workouts',
    'meals',
    'scores',
    'batches',
    'quarantine',
    'freshness',
    'trends',
    'goals',
  ];
  for (const name of [...lists, 'metrics', 'connections', 'explain']) expect(paths).toContain(`/api/v1/${name}`);
  expect(paths).toContain('/garmin/metrics');
  expect(paths).toContain('/myfitnesspal/food');
});

test('every part of a path in braces is a required parameter, as OpenAPI demands', async () => {
  for (const [path, methods] of Object.entries((await describe()).paths)) {
    const inBraces = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of Object.values(methods)) {
      const described = parameters.filter((one) => one.in === 'path' && one.required).map((one) => one.name);
      expect(described, path).toEqual(inBraces);
    }
  }
});

test('the description says how to sign in and what a refusal looks like', async () => {
  const { components, security, paths } = await describe();
  expect(security.flatMap((one) => Object.keys(one))).toEqual(Object.keys(components.securitySchemes));
  expect(Object.keys(schema.parse(components.schemas['Problem']).properties)).toContain('remedy');
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const { responses } of operations) expect(Object.keys(responses)).toContain('429');
});

test('an explanation and a connection are described with all they hold', async () => {
  const { schemas } = (await describe()).components;
  expect(schema.parse(schemas['Explanation']).required).toEqual(expect.arrayContaining(['evidence_total', 'rule']));
  const connection = ['connection_id', 'scopes', 'missing_scopes', 'last_delivery', 'last_fetch', 'last_data_day'];
  expect(schema.parse(schemas['Connection']).required).toEqual(expect.arrayContaining([...connection, 'remedy']));
});
