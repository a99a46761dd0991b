import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDemo } from '../../local/demo.ts';
import { openRuntime } from '../../local/runtime.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { play, stage } from '../support/play.ts';

test('a demo made once ends with five lines that say what was made and how to look at it', async () => {
  const directory = temporaryDirectory();
  const { options, printed } = stage(directory);
  await runDemo(options);
  const [{ value, text } = { value: {}, text: '' }] = printed;
  expect(value).toMatchObject({ people: ['Anna'], from: '2026-11-17', until: '2026-11-20', days: 5 });
  expect(text.split('\n')).toHaveLength(5);
  expect(text).toContain(readFileSync(join(directory, 'owner.token'), 'utf8').trim());
  // The server is gone with the demo, so the address alone would lead nowhere.
  expect(text).toMatch(/^Dashboard: was at http:.*; npm run -s wellspring -- serve --data-dir \S+ opens it again/m);
  // Closed for good: another server may have the directory.
  const runtime = await openRuntime({ dataDir: directory });
  const rows = await runtime.console.query('select count(distinct local_date) as days from daily_metrics');
  // The ring was worn from the evening before the first day on.
  expect(rows.rows).toEqual([{ days: 5 }]);
  await runtime.close();
});

test('the next demo empties what the one before has made, and tells the same but for the times', async () => {
  const directory = temporaryDirectory();
  const counts = async (): Promise<unknown> => {
    const { people, deliveries, notices, fetched, raw_objects: objects, observations, days } = await play(directory);
    return { people, deliveries, notices, fetched, objects, observations, days };
  };
  const first = await counts();
  writeFileSync(join(directory, 'raw', 'stray'), 'left over');
  expect(await counts()).toEqual(first);
  expect(existsSync(join(directory, 'raw', 'stray'))).toBe(false);
});

test('a directory no demo has made is left as it is', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'raw'));
  writeFileSync(join(directory, 'raw', 'mine'), 'years of it');
  await expect(play(directory)).rejects.toMatchObject({ code: 'not_a_demo_directory', exit: 2 });
  expect(readFileSync(join(directory, 'raw', 'mine'), 'utf8')).toBe('years of it');
});

test('a fault nobody knows is refused before anything is touched, and those there are are named', async () => {
  const directory = join(temporaryDirectory(), 'demo');
  const remedy: unknown = expect.stringContaining('rate_limited');
  await expect(play(directory, { faults: 'stall,yawn' })).rejects.toMatchObject({
    code: 'unknown_fault',
    exit: 2,
    remedy,
  });
  expect(existsSync(directory)).toBe(false);
});

test('everybody is connected through the providers’ own pages, and what is only fetched is in the tables', async () => {
  const directory = temporaryDirectory();
  const said = await play(directory, { people: 2, days: 6 });
  const runtime = await openRuntime({ dataDir: directory });
  const { rows } = await runtime.console.query(
    "select provider, count(distinct account) as accounts from raw_objects where receiver = 'fetch' group by provider order by provider",
  );
  // One ring, and a scale for each of the two.
  expect(rows).toEqual([
    { provider: 'oura', accounts: 1 },
    { provider: 'withings', accounts: 2 },
  ]);
  // Made-up tokens are for the made-up providers alone: any later command on the directory asks nobody else.
  const { settings } = runtime;
  expect([settings('oura').baseUrl, settings('withings').baseUrl]).toEqual(
    ['oura', 'withings'].map((id) => `${String(said['sandbox_url'])}/${id}`),
  );
  const flows = await runtime.state.list('flow');
  expect(flows).toEqual([]);
  await runtime.close();
});

async function secretsOfADemo(): Promise<string[]> {
  const directory = temporaryDirectory();
  await play(directory, { days: 2 });
  return ['ingest.secret', 'owner.token', 'vault.key'].map((name) => readFileSync(join(directory, name), 'utf8'));
}

test('secrets do not follow from the seed', async () => {
  const [first, second] = [await secretsOfADemo(), await secretsOfADemo()];
  for (const [at, secret] of first.entries()) expect(secret).not.toBe(second[at]);
});

test('without --once the pages stay at the address that was told until Ctrl-C, and nobody else may start there', async () => {
  const directory = temporaryDirectory();
  const { options, printed, interrupt } = stage(directory, { once: false, days: 2 });
  const running = runDemo(options);
  await expect.poll(() => printed.length, { timeout: 60_000 }).toBe(1);
  const url = String(printed[0]?.value['url']);
  expect(printed[0]?.text).toContain(`Dashboard: ${url} – sign in`);
  // Polled: this process may hold a connection to the server that took the deliveries at the same address.
  await expect.poll(async () => (await fetch(`${url}/healthz`)).status).toBe(200);
  await expect(play(directory, { until: '2027-06-01' })).rejects.toMatchObject({ code: 'already_serving', exit: 2 });
  expect(existsSync(join(directory, 'owner.token'))).toBe(true);
  interrupt();
  await running;
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('Ctrl-C while it delivers ends the demo with exit code 130', async () => {
  const { options, interrupt } = stage(temporaryDirectory(), { days: 30 });
  const context = { ...options.context, say: interrupt };
  await expect(runDemo({ ...options, context })).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
});
