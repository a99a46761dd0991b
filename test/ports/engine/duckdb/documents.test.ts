import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentManifest } from '../../../../ports/engine/duckdb/manifest.ts';
import { accountOf } from '../../../../providers/kit/account.ts';
import { steps } from '../../../contract/engine.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import { rawObject, type Payload } from '../../../support/raw.ts';
import { openDatabase } from '../../../../ports/engine/duckdb/database.ts';
import { documentsSql } from '../../../../ports/engine/duckdb/bronze.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
const BEN = [userFact('u_ben'), connectionFact('u_ben', 'toy', 'ben')];
const DAY_MINUTES = 24 * 60;

/** Four payloads on three raw dates, 2026-01-01 to 2026-01-03. */
const PAYLOADS = [
  steps('anna', '2026-01-01', 10, 0),
  steps('ben', '2026-01-01', 20, 1),
  steps('anna', '2026-01-02', 30, DAY_MINUTES),
  steps('anna', '2026-01-03', 40, 2 * DAY_MINUTES),
];

const keyOf = (payload: Payload): string => rawObject(payload).key;
const filesOf = ({ directory }: Lake) => currentManifest(directory)?.documents ?? [];

function commit(change: () => void): Promise<boolean> {
  change();
  return Promise.resolve(true);
}

/** What is kept, by raw key. */
async function kept(lake: Lake): Promise<ReadonlyMap<string, string>> {
  const database = await openDatabase({ threads: 1 });
  const rows = await database.rows(documentsSql(lake.directory, filesOf(lake)));
  database.close();
  expect(rows).toHaveLength(filesOf(lake).reduce((sum, file) => sum + file.rows, 0));
  return new Map(rows.map((row) => [String(row['raw_key']), String(row['document'])]));
}

/** Rebuilds and answers which keys raw was asked for. */
async function rebuilt(lake: Lake, keys: Iterable<string> = lake.raw.keys()): Promise<readonly string[]> {
  const asked: string[] = [];
  await lake.engine.rebuild({
    batchId: 'b_rebuilt',
    now: Date.parse('2026-12-01T00:00:00Z'),
    listed: [...keys].map((key) => ({ key, bytes: 1 })),
    load: (key) => {
      asked.push(key);
      return Promise.resolve(lake.raw.get(key));
    },
    commit,
  });
  return asked;
}

test('a batch keeps the documents it read, byte for byte and each once, in a file a date', async () => {
  const lake = openLake();
  await lake.batch([...ANNA, ...BEN, ...PAYLOADS]);
  await lake.batch(PAYLOADS.slice(0, 1));
  const documents = await kept(lake);
  const expected = [...lake.raw].map(([key, document]) => [key, new TextDecoder().decode(document)] as const);
  expect(documents).toEqual(new Map(expected));
  // facts are of 2001-09-09 (Unix second 1,000,000,000)
  expect(filesOf(lake).map(({ date }) => date)).toEqual(['2001-09-09', '2026-01-01', '2026-01-02', '2026-01-03']);
});

test('files of a date that is over become one, those of today stay', async () => {
  const lake = openLake();
  const today = { ...steps('anna', '2026-11-01', 50), receivedAt: '2026-11-01T00:00:30Z' };
  const later = { ...steps('anna', '2026-11-01', 60), receivedAt: '2026-11-01T00:01:30Z' };
  await lake.batch([...ANNA, ...BEN]);
  await lake.batch([PAYLOADS[0] ?? today, today]);
  // batches are run on 2026-11-01: the first of January is over
  await lake.batch([PAYLOADS[1] ?? later, later]);
  const dates = filesOf(lake).map(({ date, rows }) => `${date} ${rows}`);
  // four facts in one file; two payloads of January merged; those of today in a file each
  expect(dates.toSorted()).toEqual(['2001-09-09 4', '2026-01-01 2', '2026-11-01 1', '2026-11-01 1']);
  expect((await kept(lake)).size).toBe(lake.raw.size);
});

test('a rebuild asks raw for nothing that is kept, and makes the same tables', async () => {
  const lake = openLake();
  await lake.batch([...ANNA, ...BEN, ...PAYLOADS]);
  const before = await lake.published();
  const bare = openLake();
  for (const [key, document] of lake.raw) bare.raw.set(key, document);
  expect((await rebuilt(bare)).toSorted()).toEqual([...lake.raw.keys()].toSorted());
  expect(await rebuilt(lake)).toEqual([]);
  expect(await lake.published()).toEqual(before);
  expect(await bare.published()).toEqual(before);
  expect(await kept(lake)).toEqual(await kept(bare));
});

test('a rebuild reads from raw what is not kept, and keeps it', async () => {
  const lake = openLake();
  const [last] = PAYLOADS.slice(-1);
  await lake.batch([...ANNA, ...BEN, ...PAYLOADS.slice(0, -1)]);
  const { key, document } = rawObject(last ?? steps('anna', '', 0));
  lake.raw.set(key, document);
  expect(await rebuilt(lake)).toEqual([key]);
  expect((await kept(lake)).get(key)).toBe(new TextDecoder().decode(document));
  const whole = openLake();
  await whole.batch([...ANNA, ...BEN, ...PAYLOADS]);
  expect(await lake.published()).toEqual(await whole.published());
});

test('what raw lists no more counts for nothing, and is kept no more', async () => {
  const lake = openLake();
  await lake.batch([...ANNA, ...BEN, ...PAYLOADS]);
  const gone = keyOf(PAYLOADS[2] ?? steps('anna', '', 0));
  lake.raw.delete(gone);
  expect(await rebuilt(lake)).toEqual([]);
  const without = openLake();
  await without.batch([...ANNA, ...BEN, ...PAYLOADS.filter((payload) => keyOf(payload) !== gone)]);
  expect(await lake.published()).toEqual(await without.published());
  expect(await kept(lake)).toEqual(await kept(without));
});

test('an object that waits for its account is kept while it waits, and raw is not asked for it when it is claimed', async () => {
  const lake = openLake();
  await lake.batch([...ANNA, userFact('u_ben'), steps('ben', '2026-01-01', 20)]);
  lake.raw.clear();
  await lake.batch([connectionFact('u_ben', 'toy', 'ben')]);
  expect(await lake.query('select user_id, value from daily_metrics')).toEqual([{ user_id: 'u_ben', value: 20 }]);
});

test('documents of erased accounts and keys are in no file, those of everybody else stay', async () => {
  const lake = openLake();
  await lake.batch([...ANNA, ...BEN, ...PAYLOADS]);
  const [first] = PAYLOADS;
  const erasure = {
    users: ['u_ben'],
    accounts: [accountOf('toy', 'ben'), accountOf('wellspring', 'user:u_ben')],
    keys: [keyOf(first ?? steps('anna', '', 0))],
  };
  // Ben's payload and his two facts, and one payload of Anna
  expect((await lake.engine.countErasure(erasure))['documents']).toBe(4);
  await lake.engine.erase(erasure, { batchId: 'b_erased', now: Date.parse('2026-12-01T00:00:00Z'), commit });
  expect(await lake.engine.countErasure(erasure)).toEqual({});
  expect([...(await kept(lake)).keys()].toSorted()).toEqual([...ANNA, ...PAYLOADS.slice(2)].map(keyOf).toSorted());
  // nothing older is left beside what the manifest names
  const there = readdirSync(join(lake.directory, 'documents'), { recursive: true, encoding: 'utf8' });
  const files = there.filter((name) => name.endsWith('.parquet')).map((name) => `documents/${name}`);
  expect(files.toSorted()).toEqual(
    filesOf(lake)
      .map((file) => file.path)
      .toSorted(),
  );
});
