import { expect, test } from 'vitest';
import { importFiles } from '../../app/import.ts';
import { transform } from '../../app/transform.ts';
import { createWebhooks } from '../../app/webhooks.ts';
import { openRuntime, type LocalRuntime } from '../../local/runtime.ts';
import { generatePeople, type Population } from '../../local/sandbox/people.ts';
import { send } from '../../local/sandbox/sender.ts';
import type { Truth } from '../../local/sandbox/truth.ts';
import { welcome, type Guest } from '../../local/sandbox/welcome.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';

const ADDRESS = 'http://127.0.0.1';

/** Sends everything through the real doors into `runtime`, and answers who came. */
async function receiveAll(runtime: LocalRuntime, { people, deliveries }: Population): Promise<Guest[]> {
  const app = createWebhooks(runtime);
  const guests = await welcome(runtime, people, ADDRESS);
  await send(deliveries, {
    clock: runtime.clock,
    fetch: (url, request) => app.request(url, request),
    door: ({ provider, person }) => guests[person]?.doors[provider] ?? { url: `${ADDRESS}/webhooks/nobody` },
    importFile: async ({ provider, person, name, text }) => {
      const user = guests[person]?.user;
      if (user === undefined) throw new RangeError(`There is no person ${person}.`);
      const { refused } = await importFiles(runtime, { provider, user, files: [{ name, bytes: Buffer.from(text) }] });
      expect(refused).toEqual([]);
    },
  });
  return guests;
}

const keyOf = (one: Pick<Truth, 'user' | 'local_date' | 'metric'>): string =>
  `${one.user} ${one.local_date} ${one.metric}`;

/** The published values, by person, day and metric. */
async function published(runtime: LocalRuntime, guests: readonly Guest[]): Promise<Map<string, number>> {
  const { rows } = await runtime.console.query('select user_id, local_date, metric, value from daily_metrics');
  const index = new Map(guests.map(({ user }, at) => [user.user_id, at]));
  return new Map(
    rows.map((row) => [
      `${index.get(String(row['user_id'])) ?? 'somebody else'} ${String(row['local_date'])} ${String(row['metric'])}`,
      Number(row['value']),
    ]),
  );
}

/** What differs, in words: nothing when every truth is published and nothing else is. */
function differences(truth: readonly Truth[], values: ReadonlyMap<string, number>): string[] {
  const wrong = truth.flatMap((one) => {
    const value = values.get(keyOf(one));
    if (value === undefined) return [`${keyOf(one)}: ${one.value} is missing`];
    const allowed = one.tolerance * Math.max(1, Math.abs(one.value));
    return Math.abs(value - one.value) <= allowed ? [] : [`${keyOf(one)}: ${value}, and was ${one.value}`];
  });
  const told = new Set(truth.map(keyOf));
  const known = new Set(truth.map(({ metric }) => metric));
  const invented = [...values.keys()].filter((key) => !told.has(key) && known.has(key.split(' ')[2] ?? ''));
  return [...wrong, ...invented.map((key) => `${key}: ${values.get(key)} was never so`)];
}

// Paris leaves summer time on 2026-10-25, New York begins it on 2026-03-08; sixty days hold a journey and a cold as well.
test.each([
  { seed: 'autumn', days: 60, people: 2, until: '2026-11-15' },
  { seed: 'spring', days: 45, people: 4, until: '2026-04-12' },
  { seed: 'south', days: 30, people: 2, until: '2026-10-12' },
])('what happened to the people of "$seed" is what the tables say, value for value', async (options) => {
  const directory = makeDirectory();
  const runtime = await openRuntime({ dataDir: directory, zone: 'UTC' });
  try {
    const population = generatePeople(options);
    const guests = await receiveAll(runtime, population);
    await transform(runtime);
    const values = await published(runtime, guests);
    expect(differences(population.truth, values)).toEqual([]);
    expect(await runtime.console.query('select rule, detail from quarantine')).toMatchObject({ rows: [] });
  } finally {
    await runtime.close();
    removeDirectory(directory);
  }
});
