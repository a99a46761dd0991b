import { expect, test } from 'vitest';
import { retract } from '../../../app/collect/retraction.ts';
import { listConnections } from '../../../app/connections.ts';
import { importFiles } from '../../../app/import.ts';
import { providerNamed } from '../../../app/provider.ts';
import { transform } from '../../../app/transform.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { openRuntime, type LocalRuntime } from '../../../local/runtime.ts';
import { createFaults, NO_FAULTS, type Faults } from '../../../local/sandbox/fault.ts';
import type { Holding } from '../../../local/sandbox/holding.ts';
import { FETCHED, PUSHED, generatePeople, type Population } from '../../../local/sandbox/people.ts';
import { send } from '../../../local/sandbox/sender.ts';
import { welcome, type Guest } from '../../../local/sandbox/welcome.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { differences, published } from '../../support/truth.ts';
import { answersOf } from './answers.ts';

const ADDRESS = 'http://127.0.0.1';
/** Everything that can go wrong with a push and comes right again. */
const spoiled = createFaults({
  names: [
    'duplicate',
    'reorder',
    'late',
    'truncated_body',
    'wrong_signature',
    'two_accounts',
    'reset_after_served',
    'redeliver_all',
  ],
  rate: {
    ...Object.fromEntries(['duplicate', 'reorder', 'late', 'two_accounts'].map((name) => [name, 0.3])),
    redeliver_all: 1,
  },
  chance: createChance('spoiled'),
});

/** Hands in everything that was pushed, then what was answered, version by version, and last what the provider says is deleted. */
async function takeAll(
  runtime: LocalRuntime,
  { people, deliveries, holdings }: Population,
  faults: Faults,
): Promise<Guest[]> {
  const app = createWebhooks(runtime);
  const guests = await welcome(runtime, people, ADDRESS);
  const hand = async (provider: string, person: number, name: string, text: string, more = {}): Promise<void> => {
    const user = guests[person]?.user;
    if (user === undefined) throw new RangeError(`There is no person ${person}.`);
    const files = [{ name, bytes: Buffer.from(text) }];
    const { refused } = await importFiles(runtime, { provider, user, files, ...more });
    expect(refused).toEqual([]);
  };
  await send(deliveries, {
    clock: runtime.clock,
    faults,
    fetch: (url, request) => app.request(url, request),
    door: ({ provider, person }) => guests[person]?.doors[provider] ?? { url: `${ADDRESS}/webhooks/nobody` },
    importFile: async ({ provider, person, name, text }) => hand(provider, person, name, text),
  });
  for (const holding of holdings) {
    const { provider, person, externalId } = holding;
    for (const version of [0, 1, 2]) {
      for (const [page, { type, text }] of answersOf(holding, version).entries()) {
        await hand(provider, person, `${type}-${version}-${page}.json`, text, {
          type: `${provider}.${type}`,
          externalId,
        });
      }
      await runtime.clock.sleep(2);
    }
    await takeBack(runtime, holding);
  }
  return guests;
}

/** What the notices of a provider's deletions become when they have been read. */
async function takeBack(runtime: LocalRuntime, holding: Holding): Promise<void> {
  const provider = providerNamed(holding.provider);
  const { collect } = provider;
  const account = accountOf(holding.provider, holding.externalId);
  const connection = (await listConnections(runtime)).find((one) => one.account === account);
  if (collect === undefined || connection === undefined) throw new RangeError(`${holding.provider} is not connected.`);
  const gone = holding.records.filter(({ deletedAtS }) => deletedAtS !== undefined);
  const deleted = gone.map(({ type, id }) => ({ type, id, atMs: runtime.clock.now() }));
  await retract(runtime, { provider: { ...provider, collect }, connection }, deleted);
}

// Paris leaves summer time on 2026-10-25 and New York begins it on 2026-03-08.
test.each([
  { seed: 'fetched', days: 40, people: 2, until: '2026-11-15', faults: NO_FAULTS },
  { seed: 'fetched too', days: 24, people: 2, until: '2026-03-20', faults: spoiled },
])(
  'one body seen by watch, other watch, ring, phone, scale, mat and cuff: the tables say what happened, and nothing twice ("$seed")',
  async ({ faults, ...options }) => {
    const population = generatePeople({ ...options, providers: [...PUSHED, ...FETCHED] });
    const directory = makeDirectory();
    const runtime = await openRuntime({ dataDir: directory, zone: 'UTC' });
    try {
      const guests = await takeAll(runtime, population, faults);
      await transform(runtime);
      const values = await published(
        runtime,
        guests.map(({ user }) => user.user_id),
      );
      expect(differences(population.truth, values)).toEqual([]);
      // Two guests on the scale at least, whom nobody knows; nothing else is refused.
      const refused = await runtime.console.query('select distinct type, rule from quarantine');
      expect(refused.rows).toMatchObject([{ type: 'withings.getmeas', rule: 'ambiguous_user' }]);
    } finally {
      await runtime.close();
      removeDirectory(directory);
    }
  },
  180_000,
);
