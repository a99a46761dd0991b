import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';
import { runCommand } from '../support/terminal.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** A data directory of Ann, with her weight on two days. */
async function annsDirectory(): Promise<string> {
  const base = temporaryDirectory();
  const dataDir = join(base, 'data');
  const file = join(base, 'Measurement-Summary-2026-11-19-to-2026-11-20.csv');
  writeFileSync(file, 'Date,Weight\n2026-11-19,70.5\n2026-11-20,70.1\n');
  const steps = [
    ['user', 'add', 'Ann', '--zone', 'Europe/Paris', '--units', 'metric'],
    ['import', 'myfitnesspal', file, '--user', 'Ann'],
    ['process'],
  ];
  for (const words of steps) {
    const { code, err } = await runCommand([...words, '--data-dir', dataDir]);
    expect(code, err).toBe(0);
  }
  return dataDir;
}

test('the query for other tools, as the document writes it, reads the published tables', async () => {
  const sql = /```\n(select \* from read_parquet.*)\n```/.exec(read('docs/data-directory.md'))?.[1] ?? '';
  const dataDir = await annsDirectory();
  const connection = await (await DuckDBInstance.create()).connect();
  const found = await connection.runAndReadAll(sql.replace('.wellspring', dataDir));
  const weights = found.getRowObjectsJson().filter((row) => row['metric'] === 'weight_kg');
  expect(new Map(weights.map((row) => [row['local_date'], row['value']]))).toEqual(
    new Map([
      ['2026-11-19', 70.5],
      ['2026-11-20', 70.1],
    ]),
  );
  connection.closeSync();
});

test('the commands of the README that read do so, as they are written', async () => {
  const dataDir = await annsDirectory();
  const commands = [
    ...read('README.md').matchAll(/^npm run -s wellspring -- ((?:status|query|quarantine|urls)\b.*)$/gm),
  ];
  expect(commands.length).toBeGreaterThanOrEqual(3);
  for (const [, line = ''] of commands) {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const { code, err } = await runCommand([...words, '--data-dir', dataDir]);
    expect(code, `${line}: ${err}`).toBe(0);
  }
});
