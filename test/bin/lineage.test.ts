import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readTables, tables } from '../../app/lineage.ts';

const script = fileURLToPath(new URL('../../bin/build/lineage.mjs', import.meta.url));

test('a bundle knows of the tables what the files beside the models say', async () => {
  const { lineage } = z.object({ lineage: z.custom<() => string>() }).parse(await import(script));
  const [, json = ''] = /^export const statedModels = \(\) => \((.*)\);$/.exec(lineage()) ?? [];
  const stated = z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  expect([...readTables(stated)]).toEqual([...tables()]);
  expect(Object.keys(stated)).toContain('daily_metrics');
});
