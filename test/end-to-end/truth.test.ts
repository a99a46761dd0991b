import { expect, test } from 'vitest';
import { transform } from '../../app/transform.ts';
import { openRuntime } from '../../local/runtime.ts';
import { FETCHED, generatePeople, PUSHED } from '../../local/sandbox/people.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../support/directory.ts';
import { receiveAll } from '../support/guests.ts';
import { play } from '../support/play.ts';
import { differences, published, untrue } from '../support/truth.ts';

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
    const users = guests.map(({ user }) => user.user_id);
    expect(differences(population.truth, await published(runtime, users))).toEqual([]);
    expect(await runtime.console.query('select rule, detail from quarantine')).toMatchObject({ rows: [] });
  } finally {
    await runtime.close();
    removeDirectory(directory);
  }
});

// The same with a ring, scales, a cuff, a mat and a dress watch, whose providers are connected and asked.
test.each([
  { seed: 'autumn', days: 40, people: 2, until: '2026-11-15' },
  { seed: 'spring', days: 24, people: 2, until: '2026-03-15' },
  { seed: 'south', days: 20, people: 2, until: '2026-10-12' },
])('what fetched providers hold of "$seed" comes through the real flows, value for value', async (options) => {
  const directory = temporaryDirectory();
  const said = await play(directory, options);
  const { truth } = generatePeople({ ...options, untilHour: 15, providers: [...PUSHED, ...FETCHED] });
  expect(await untrue(directory, truth)).toEqual([]);
  expect(said['notices']).toBeGreaterThan(3);
  // What was told is more than what those who push know.
  const pushed = generatePeople({ ...options, untilHour: 15 }).truth;
  expect(truth.length).toBeGreaterThan(pushed.length * 1.2);
});
