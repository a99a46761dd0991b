import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { readRows } from '../../../ports/engine/duckdb/database.ts';
import { link } from '../../../app/connections.ts';
import { addUser } from '../../../app/people.ts';
import { transform } from '../../../app/transform.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';
import { untilNoon } from '../crash/clock.ts';
import { ANN, BEN, TOKENS, at, furnish, push, watchDoor, type Home } from './home.ts';

const root = makeDirectory();
const data = join(root, 'data');
const out = join(root, 'ann.zip');
const unpacked = join(root, 'unpacked');
const NOWHERE = 'http://127.0.0.1:9';
const MARTS = ['daily_metrics', 'observations', 'samples', 'sleep_sessions', 'meals', 'raw_objects', 'quarantine'];
let home: Home;
let files: Readonly<Record<string, Uint8Array>>;

beforeAll(async () => {
  home = await at(data, untilNoon(), NOWHERE, furnish);
  const ran = await runCommand(['--data-dir', data, '--json', 'export', '--user', home.ann.user_id, '--out', out]);
  expect(ran.code, ran.err).toBe(0);
  files = unzipSync(readFileSync(out));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(unpacked, name)), { recursive: true });
    writeFileSync(join(unpacked, name), bytes);
  }
});
afterAll(() => removeDirectory(root));

const published = (mart: string) =>
  at(
    data,
    untilNoon(),
    NOWHERE,
    async ({ console }) =>
      (await console.query(`select * from ${mart} where user_id = '${home.ann.user_id}' order by all`)).rows,
  );

async function parquet(mart: string) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`set global TimeZone = 'UTC'`);
  return readRows(connection, `select * from '${join(unpacked, 'tables', `${mart}.parquet`)}' order by all`);
}

const sorted = (all: readonly object[]) => all.map((row) => JSON.stringify(row)).toSorted();
const filesIn = (folder: string): number =>
  readdirSync(join(data, folder), { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).length;

test.each(MARTS)('V6: the Parquet file of %s holds the published rows of the person, cell by cell', async (mart) => {
  const rows = await published(mart);
  expect(rows.length).toBeGreaterThan(0);
  expect(await parquet(mart)).toEqual(rows);
});

test.each(MARTS)('V6: the CSV file of %s says the same, cell by cell', async (mart) => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const shown = await readRows(
    connection,
    `select columns(*)::varchar from '${join(unpacked, 'tables', `${mart}.parquet`)}'`,
  );
  const text = new TextDecoder().decode(files[`tables/${mart}.csv`]);
  // Nothing between two commas is no value, two quotes are an empty text; a guard is taken off again.
  const plain: readonly object[] = parse(text, {
    columns: true,
    cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell.replace(/^'(?=[=+@\t\r-])/, '')),
  });
  expect(sorted(plain)).toEqual(sorted(shown));
});

test('raw objects and imported files are there, byte for byte, and nobody else has anything in it', () => {
  const names = Object.keys(files).filter((name) => /^(raw|uploads)\//.test(name));
  for (const name of names)
    expect(Buffer.from(files[name] ?? []).equals(readFileSync(join(data, name))), name).toBe(true);
  const holds = (id: string) => Object.values(files).some((bytes) => Buffer.from(bytes).includes(id));
  expect(names.filter((name) => name.startsWith('uploads/'))).toHaveLength(filesIn('uploads'));
  expect(names.filter((name) => name.startsWith('raw/')).length).toBeLessThan(filesIn('raw'));
  expect([holds(ANN), holds(BEN), holds(home.ben.user_id)]).toEqual([true, false, false]);
});

test('no token is in it, and the manifest names every file with its hash', () => {
  for (const bytes of Object.values(files)) {
    for (const secret of [...TOKENS, home.token]) expect(Buffer.from(bytes).includes(secret)).toBe(false);
  }
  const shape = z.object({ files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })) });
  const manifest = shape.parse(JSON.parse(new TextDecoder().decode(files['manifest.json'])));
  expect(manifest.files.map(({ path }) => path).toSorted()).toEqual(
    Object.keys(files)
      .filter((name) => name !== 'manifest.json')
      .toSorted(),
  );
  for (const { path, bytes, sha256 } of manifest.files) {
    expect([path, files[path]?.byteLength]).toEqual([path, bytes]);
    expect(
      createHash('sha256')
        .update(files[path] ?? '')
        .digest('hex'),
    ).toBe(sha256);
  }
});

test('the file is its owner’s alone, is not written over unasked, and nothing is left behind', async () => {
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const words = ['--data-dir', data, 'export', '--user', home.ann.user_id, '--out', out];
  const again = await runCommand(words);
  expect([again.code, again.err.includes('--force')]).toEqual([2, true]);
  expect((await runCommand([...words, '--force'])).code).toBe(0);
  expect(readdirSync(root).filter((name) => name.includes('.part'))).toEqual([]);
  expect(existsSync(join(data, 'exports', '.tmp')) ? readdirSync(join(data, 'exports', '.tmp')) : []).toEqual([]);
});

test('X5: a text a spreadsheet would run gets an apostrophe, a number does not', async () => {
  const directory = join(root, 'formula');
  const file = join(root, 'formula.zip');
  await at(directory, untilNoon(), NOWHERE, async (runtime) => {
    const user = await addUser(runtime, { name: 'Eve', zone: 'Europe/Paris', units: 'metric' });
    await link(runtime, { provider: 'garmin', user, externalId: ANN });
    // Text of the provider that reaches a table: an activity's type.
    const activity = {
      userId: ANN,
      summaryId: '=HYPERLINK("http://evil")',
      activityType: '@SUM(1)',
      startTimeInSeconds: 1795000000,
      startTimeOffsetInSeconds: 3600,
      durationInSeconds: 600,
    };
    await push(runtime, watchDoor(runtime), JSON.stringify({ activities: [activity] }));
    await transform(runtime);
  });
  expect((await runCommand(['--data-dir', directory, 'export', '--user', 'Eve', '--out', file])).code).toBe(0);
  const text = new TextDecoder().decode(unzipSync(readFileSync(file))['tables/workouts.csv']);
  const [row] = z.array(z.record(z.string(), z.string())).parse(parse(text, { columns: true }));
  expect(Object.values(row ?? {}).filter((cell) => /^[=+@\t\r]/.test(cell))).toEqual([]);
  expect(row).toMatchObject({
    sport_raw: "'@SUM(1)",
    provider_record_id: `'=HYPERLINK("http://evil")`,
    elapsed_s: '600.0',
  });
});
