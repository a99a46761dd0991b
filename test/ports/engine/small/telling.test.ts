import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { gathered } from '../../../../ports/engine/lines.ts';
import { createJournal } from '../../../../ports/engine/small/journal.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import type { Payload } from '../../../support/raw.ts';
import { ANNA, openToy, steps } from './memory.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Days from 1950 on, with their place as their steps. */
const DAYS = 4001;
const many: Payload = {
  ...steps('anna', '1950-01-01', 0),
  data: {
    rows: Array.from({ length: DAYS }, (_, at) => ({
      day: new Date(Date.UTC(1950, 0, 1 + at)).toISOString().slice(0, 10),
      steps: at,
    })),
  },
};
const told = z.object({ row: z.looseObject({ value: z.number() }) });
const ALL = Array.from({ length: DAYS }, (_, at) => at);
const values = (lines: readonly unknown[]) => lines.map((line) => told.parse(line).row.value).toSorted((a, b) => a - b);

test('more rows than are held at a time are told each once, and again by the run after one that died', async () => {
  const toy = openToy();
  const record = await toy.take([...ANNA, many]);
  const below = 'changed/daily_metrics.ndjson';
  expect(values(await toy.lines(record?.batch_id ?? '', below))).toEqual(ALL);
  // As a run leaves it that died behind its lines: begun, without a record, and nothing else of it.
  const died = 'b_20261121t120000z_aaaaaa';
  await toy.place.write(
    `open/${died}`,
    JSON.stringify({ started_ms: toy.clock.now(), tables: {}, model_version: 'x' }),
  );
  const text = (await toy.place.read(`runs/${record?.batch_id}/${below}`)) ?? '';
  await toy.place.write(`runs/${died}/${below}`, text);
  expect((await toy.take())?.batch_id).toBe(died);
  expect(values(await toy.lines(died, below))).toEqual(ALL);
});

test('lines pass in parts: more than one text can hold are written, as what values are marked', async () => {
  // A text of Node ends at half a gigabyte: 65 pages of 8 MiB are more, 520 MiB.
  const page = Array.from({ length: 8 }, () => 'x'.repeat(1_048_573));
  const scratch = path.join(temporaryDirectory(), 'scratch');
  mkdirSync(scratch);
  const sizes: [number, unknown][] = [];
  const { place } = openToy();
  const put: typeof place.put = async (from, _, how) => void sizes.push([statSync(from).size, how]);
  const journal = createJournal({ ...place, put }, scratch);
  await journal.writeLines(
    'b_1',
    'changed/daily_metrics.ndjson',
    Array.from({ length: 65 }, () => page),
    true,
  );
  // Each line with its two quotes and its end is a whole MiB.
  expect(sizes).toEqual([[65 * 8 * 1_048_576, { passing: true }]]);
});

test('what a run never wrote has no lines, and a line that is none is named', async () => {
  const toy = openToy();
  const journal = createJournal(toy.place, temporaryDirectory());
  expect(await gathered(journal.readLines('b_1', 'taken.ndjson', z.unknown()))).toEqual([]);
  await toy.place.write('runs/b_1/taken.ndjson', '{"a":1}\n{"a":\n');
  await expect(gathered(journal.readLines('b_1', 'taken.ndjson', z.object({ a: z.number() })))).rejects.toMatchObject({
    code: 'unreadable_run',
    message: expect.stringContaining('line 2 of runs/b_1/taken.ndjson'),
  });
});
