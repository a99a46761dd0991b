import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';

/** One person's way through the commands, with the JSON shapes of contract 10. */
test('from a person and a file to an explained number, each step one JSON document on stdout', async () => {
  const base = temporaryDirectory();
  const dataDir = join(base, 'data');
  const tell = async (...words: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await runCommand([...words, '--json', '--data-dir', dataDir]);
    expect([code, out.trim().split('\n').length], err).toEqual([0, 1]);
    return JSON.parse(out);
  };

  const added = await tell('user', 'add', 'Ann', '--zone', 'Europe/Paris', '--units', 'metric');
  expect(added).toEqual({
    schema_version: 1,
    user: { user_id: expect.stringMatching(/^u_[a-z2-7]{12}$/), name: 'Ann', zone: 'Europe/Paris', units: 'metric' },
  });

  const linked = await tell('link', 'apple', '--user', 'Ann');
  expect(linked).toMatchObject({
    schema_version: 1,
    connection: {
      connection_id: expect.stringMatching(/^c_/),
      provider: 'apple',
      account: expect.stringMatching(/^a_/),
    },
    webhook_url: 'http://127.0.0.1:8787/webhooks/apple',
    token: expect.stringContaining('.'),
  });

  const file = join(base, 'Measurement-Summary-2026-03-01-to-2026-03-03.csv');
  writeFileSync(file, 'Date,Weight\n2026-03-01,70.5\n2026-03-03,70.1\n');
  const imported = await tell('import', 'myfitnesspal', file, '--user', 'Ann');
  expect(imported).toEqual({ schema_version: 1, objects: 1, duplicates: 0, refused: [] });
  expect(await tell('import', 'myfitnesspal', file, '--user', 'Ann')).toMatchObject({ objects: 0, duplicates: 1 });

  // Objects: the person, the link, the connection of the file, one month of weights. Observations: two weights on two days.
  const batch = await tell('process');
  expect(batch).toEqual({
    schema_version: 1,
    batch_id: expect.stringMatching(/^b_/),
    objects: 4,
    observations: 2,
    quarantined: 0,
    days: 2,
    seconds: expect.any(Number),
  });

  const sql = "select local_date, value from daily_metrics where metric = 'weight_kg' order by local_date";
  expect(await tell('query', sql)).toMatchObject({
    columns: [{ name: 'local_date' }, { name: 'value' }],
    rows: [
      { local_date: '2026-03-01', value: 70.5 },
      { local_date: '2026-03-03', value: 70.1 },
    ],
  });

  const explained = await tell('explain', '--user', 'Ann', '--day', '2026-03-01', '--metric', 'weight_kg');
  expect(explained).toMatchObject({
    local_date: '2026-03-01',
    metric: 'weight_kg',
    value: 70.5,
    candidates: [{ value: 70.5, raw_keys: [expect.stringMatching(/^raw\/.*\/myfitnesspal\//)] }],
    evidence: [{ text: expect.stringContaining('70.5') }],
  });

  expect(await tell('status')).toMatchObject({
    connections: [{ provider: 'apple' }, { provider: 'myfitnesspal', last_data_day: '2026-03-03' }],
  });
  expect(await tell('urls', 'garmin')).toMatchObject({
    providers: [{ provider: 'garmin', redirect_url: expect.stringMatching(/\/oauth\/garmin\/callback$/) }],
  });
  expect(await tell('quarantine', 'list')).toEqual({ schema_version: 1, items: [] });
  expect(await tell('rebuild', '--dry-run')).toEqual({ schema_version: 1, changes: [] });
  expect(await tell('summary', '--user', 'Ann', '--day', '2026-03-03')).toMatchObject({
    summaries: [{ day: '2026-03-03' }],
  });
  expect(await tell('disconnect', 'apple', '--user', 'Ann')).toMatchObject({
    connections: [{ state: 'disconnected' }],
  });
});

test('what a rebuild would change is told by table and column', async () => {
  const base = temporaryDirectory();
  const dataDir = join(base, 'data');
  const run = (...words: readonly string[]) => runCommand([...words, '--data-dir', dataDir]);
  await run('user', 'add', 'Ann', '--zone', 'Europe/Paris', '--units', 'metric');
  const file = join(base, 'Measurement-Summary-2026-03-01-to-2026-03-01.csv');
  writeFileSync(file, 'Date,Weight\n2026-03-01,70.5\n');
  await run('import', 'myfitnesspal', file, '--user', 'Ann');
  await run('process');
  for (const date of readdirSync(join(dataDir, 'raw'))) {
    rmSync(join(dataDir, 'raw', date, 'myfitnesspal'), { recursive: true, force: true });
  }
  const { code, out } = await run('rebuild', '--dry-run');
  const [head, , ...lines] = out.split('\n');
  expect(code).toBe(0);
  expect(head?.split(/ +/)).toEqual(['table', 'column', 'user_id', 'local_date', 'metric', 'before', 'after', 'model']);
  expect(lines).toContainEqual(
    expect.stringMatching(/^daily_metrics +value +u_\w+ +2026-03-01 +weight_kg +70\.5 +daily_metrics$/),
  );
});

test('a file that is refused is exit code 1 and named on stderr, its neighbours are imported', async () => {
  const base = temporaryDirectory();
  const dataDir = ['--data-dir', join(base, 'data')];
  const [good, bad] = [join(base, 'Measurement-good.csv'), join(base, 'Measurement-bad.csv')];
  writeFileSync(good, 'Date,Weight\n2026-03-01,70.5\n');
  writeFileSync(bad, 'Weight\n70.5\n');
  await runCommand(['user', 'add', 'Ann', '--units', 'metric', ...dataDir]);
  const { code, out, err } = await runCommand([
    'import',
    'myfitnesspal',
    bad,
    good,
    '--user',
    'Ann',
    '--json',
    ...dataDir,
  ]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ objects: 1, refused: [{ file: 'Measurement-bad.csv' }] });
  expect(err).toContain('✗ Measurement-bad.csv');
});

test('a file that is not there and a person nobody knows are exit code 2', async () => {
  const dataDir = ['--data-dir', join(temporaryDirectory(), 'data')];
  const missing = await runCommand(['import', 'garmin', 'no-such-file.json', '--user', 'Ann', ...dataDir]);
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('no_such_file')]);
  const nobody = await runCommand(['import', 'garmin', 'package.json', '--user', 'Ann', ...dataDir]);
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('unknown_user')]);
});

test('a new owner token replaces the old one and ends the sign-ins', async () => {
  const dataDir = ['--data-dir', join(temporaryDirectory(), 'data')];
  const first = await runCommand(['rotate-owner-token', ...dataDir]);
  const second = await runCommand(['rotate-owner-token', ...dataDir]);
  expect(first.out).toMatch(/^w_[A-Za-z0-9_-]{32}\n$/);
  expect(second.out).not.toBe(first.out);
  const fixed = await runCommand(['rotate-owner-token', ...dataDir], {
    WELLSPRING_OWNER_TOKEN: 'token-of-the-environment',
  });
  expect([fixed.code, fixed.out]).toEqual([2, '']);
});
