import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryDirectory } from '../../../support/directory.ts';
import { TOY_MODELS } from '../../../support/lake.ts';
import { ANNA, BEN, openToy, steps, writeSamples } from './memory.ts';

vi.setConfig({ testTimeout: 300_000 });

/** A lake whose models have samples too, one of each observation; `committed` names the tables in the order they were committed. */
function openSampled() {
  const models = path.join(temporaryDirectory(), 'models');
  cpSync(TOY_MODELS, models, { recursive: true });
  writeSamples(models);
  const toy = openToy(models);
  const committed: string[] = [];
  const catalog = {
    ...toy.catalog,
    commit: (...given: Parameters<typeof toy.catalog.commit>) => {
      committed.push(given[0].name);
      return toy.catalog.commit(...given);
    },
  };
  return {
    ...toy,
    take: async (
      samples: boolean,
      payloads: Parameters<typeof toy.take>[0] = [],
      over: Parameters<typeof toy.take>[1] = {},
    ) => {
      committed.length = 0;
      return { record: await toy.take(payloads, { samples, catalog, ...over }), committed: [...committed] };
    },
    samples: () => toy.rows('samples', 'local_date, value'),
    days: () => toy.rows('daily_metrics', 'local_date, value'),
  };
}

const [SEVENTEENTH, EIGHTEENTH] = [
  { local_date: '2026-11-17', value: 5 },
  { local_date: '2026-11-18', value: 7 },
];
const both = [...ANNA, steps('anna', '2026-11-17', 5), steps('anna', '2026-11-18', 7, 1)];

test('without samples their table is emptied in one commit by the next run, though nothing is new, and days stay', async () => {
  const lake = openSampled();
  await lake.take(true, both);
  expect(await lake.samples()).toEqual(expect.arrayContaining([SEVENTEENTH, EIGHTEENTH]));
  const { record, committed } = await lake.take(false);
  expect(committed).toEqual(['samples', 'batches']);
  expect(record).toMatchObject({ objects: 0, users: ['u_anna'], tables: { samples: 2 } });
  expect(await lake.samples()).toEqual([]);
  expect(await lake.catalog.names()).toContain('samples');
  expect(await lake.days()).toEqual(expect.arrayContaining([SEVENTEENTH, EIGHTEENTH]));
  expect(await lake.take(false)).toEqual({ record: undefined, committed: [] });
});

test('what comes while there are no samples makes days and no sample, and with samples again they are there whole', async () => {
  const lake = openSampled();
  await lake.take(false, both);
  expect(await lake.samples()).toEqual([]);
  const third = { local_date: '2026-11-19', value: 9 };
  await lake.take(false, [steps('anna', '2026-11-19', 9, 2)]);
  expect([await lake.samples(), (await lake.days()).length]).toEqual([[], 3]);
  const { record, committed } = await lake.take(true);
  expect(committed).toEqual(['samples', 'batches']);
  expect(record?.tables).toEqual({ samples: 3 });
  expect(await lake.samples()).toHaveLength(3);
  expect(await lake.samples()).toEqual(expect.arrayContaining([SEVENTEENTH, EIGHTEENTH, third]));
  expect(await lake.take(true)).toEqual({ record: undefined, committed: [] });
});

test('a dry run of a rebuild tells the samples that would go', async () => {
  const lake = openSampled();
  await lake.take(true, both);
  const { tables } = await lake.compare({ samples: false });
  expect(tables).toEqual({ samples: { added: 0, changed: 0, removed: 2 } });
  expect(await lake.samples()).toHaveLength(2);
});

test('a family at a time, too, there are days and no samples, and all samples once there are to be any', async () => {
  const lake = openSampled();
  await lake.take(false, [...both, ...BEN, steps('ben', '2026-11-17', 5)], { waveRecords: 0 });
  expect([await lake.samples(), (await lake.days()).length]).toEqual([[], 3]);
  await lake.take(true, [], { waveRecords: 0 });
  expect(await lake.samples()).toHaveLength(3);
});
