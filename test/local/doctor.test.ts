import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { examine } from '../../app/doctor/check.ts';
import { machineChecks } from '../../local/doctor.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { runCommand } from '../support/terminal.ts';

const answer = z.object({
  schema_version: z.literal(1),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum(['ok', 'warn', 'fail']),
      required: z.boolean(),
      detail: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
  configuration: z.record(z.string(), z.string()).optional(),
});

async function ask(dataDir: string, ...words: string[]) {
  const { code, out, err } = await runCommand(['doctor', '--json', '--data-dir', dataDir, ...words]);
  const { checks, configuration } = answer.parse(JSON.parse(out));
  return { code, err, checks, configuration, bad: checks.filter(({ state }) => state !== 'ok').map(({ id }) => id) };
}

describe('doctor', () => {
  it('finds nothing wrong with a machine nothing has happened on, whether or not its directory is there', async () => {
    const dataDir = join(temporaryDirectory(), 'new');
    expect(await ask(dataDir)).toMatchObject({ code: 0, bad: [] });
    expect(await ask(dataDir)).toMatchObject({ code: 0, bad: [] });
  });

  it('fails where others may read the directory or a secret, and says how to shut it', async () => {
    const dataDir = join(temporaryDirectory(), 'data');
    await ask(dataDir);
    for (const [path, mode] of [
      [dataDir, 0o700],
      [join(dataDir, 'ingest.secret'), 0o600],
    ] as const) {
      for (const looser of [0o001, 0o010, 0o040]) {
        chmodSync(path, mode | looser);
        const { code, checks } = await ask(dataDir);
        expect(code).toBe(1);
        expect(checks.filter(({ state }) => state === 'fail')).toMatchObject([
          { remedy: `chmod ${mode.toString(8)} ${path}` },
        ]);
      }
      chmodSync(path, mode);
    }
    expect(await ask(dataDir)).toMatchObject({ code: 0, bad: [] });
  });

  it('tells what keeps the data from being opened as one more finding', async () => {
    const dataDir = temporaryDirectory();
    writeFileSync(join(dataDir, 'wellspring.json'), '{');
    expect(await ask(dataDir, '--verbose')).toMatchObject({ code: 1, bad: ['open'], configuration: {} });
  });

  it('says with --verbose where each key came from, and never a value', async () => {
    const dataDir = temporaryDirectory();
    writeFileSync(join(dataDir, 'wellspring.json'), '{"timezone":"Europe/Oslo"}');
    const environment = { WELLSPRING_OWNER_TOKEN: 'CANARY-0123456789' };
    const { out, code } = await runCommand(['doctor', '--verbose', '--data-dir', dataDir], environment);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}timezone: file$/m);
    expect(out).toMatch(/^ {2}ownerToken: environment$/m);
    expect(out).toMatch(/^ {2}port: default$/m);
    expect(out).not.toMatch(/CANARY|Oslo/);
  });

  it('gives each check one line, and the remedy a line under one that is not well', async () => {
    const dataDir = temporaryDirectory();
    chmodSync(dataDir, 0o755);
    const lines = (await runCommand(['doctor', '--data-dir', dataDir])).out.trimEnd().split('\n');
    const at = lines.findIndex((line) => line.startsWith('✗ data_directory: '));
    expect(lines[at + 1]).toBe(`  → chmod 700 ${dataDir}`);
    expect(
      lines.filter((_line, i) => i !== at + 1).every((line) => /^[✓!✗] [a-z_.]+: .+\.$/.test(line)),
      lines.join('\n'),
    ).toBe(true);
  });

  it('tells people of providers and persons by name, and programs by id', async () => {
    const dataDir = join(temporaryDirectory(), 'data');
    const home = ['--data-dir', dataDir];
    await runCommand(['user', 'add', 'Ana', '--zone', 'Europe/Paris', ...home]);
    await runCommand(['link', 'garmin', '--user', 'Ana', '--external-id', 'g-1', ...home]);
    const { out } = await runCommand(['doctor', ...home]);
    expect(out).toContain('\n! freshness: Garmin of Ana: no data yet.');
    expect(out).not.toMatch(/\b[uc]_[a-z0-9]{12}\b/);
    const { checks } = await ask(dataDir);
    expect(checks.map(({ id }) => id).join(' ')).toMatch(/freshness\.garmin\.u_[a-z0-9]{12}/);
  });

  it('of a server says nothing of this machine when that one does not answer', async () => {
    const { code, out } = await runCommand(['doctor', '--url', 'http://127.0.0.1:1', '--token', 'x', '--json']);
    const { checks } = answer.parse(JSON.parse(out));
    expect([code, checks.map(({ id, state }) => [id, state])]).toEqual([
      1,
      [
        ['server', 'fail'],
        ['deliveries', 'warn'],
      ],
    ]);
  });
});

describe('this machine', () => {
  it.each([
    ['18.20.0', false],
    ['20.18.9', false],
    ['20.19.0', true],
    ['22.0.0', true],
  ])('runs on Node.js %s: %s', async (version, ok) => {
    const [node] = await examine(machineChecks, { dataDir: temporaryDirectory(), version });
    expect(node).toMatchObject({ id: 'node', state: ok ? 'ok' : 'fail' });
  });

  it('cannot keep data in a place that is a file', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    mkdirSync(`${file}.d`);
    const found = await examine(machineChecks, { dataDir: file, version: '20.19.0' });
    expect(found).toContainEqual(expect.objectContaining({ id: 'data_directory', state: 'fail' }));
  });
});
