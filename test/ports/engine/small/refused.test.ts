import { expect, test } from 'vitest';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { FAULTS, ODD } from '../../../support/faults.ts';
import { openToyModels } from '../../../support/toy-models.ts';
import { openToy, steps } from './memory.ts';

type Toy = ReturnType<typeof openToy>;
type Over = Parameters<Toy['take']>[1];

const FAMILIES = ['anna', 'ben', 'cleo'].flatMap((name) => [
  userFact(`u_${name}`),
  connectionFact(`u_${name}`, 'toy', name),
  steps(name, '2026-11-18', 10),
]);
/** Families go by their accounts, which are hashes: Ben's is the last. */
const BAD = steps('ben', '2026-11-19', ODD, 1);
const CORRECTION = steps('ben', '2026-11-19', 9, 2);

/** What was read stays read, whatever becomes of it; the next run goes on under the batch that is open. */
const TAKEN_IN = /^s3:\/\/lake\/(tables\/(objects|records|account_owners)\/|open\/)/;
const NOTHING = /^$/;

/** How everybody is computed, and what it leaves when it is refused. */
const WAYS: readonly (readonly [string, (toy: Toy, over: Over) => Promise<unknown>, Over, RegExp])[] = [
  ['a run at once', (toy, over) => toy.take([], over), {}, TAKEN_IN],
  ['a run in parts', (toy, over) => toy.take([], over), { waveRecords: 0 }, TAKEN_IN],
  ['a comparison at once', (toy, over) => toy.compare(over), {}, NOTHING],
  ['a comparison in parts', (toy, over) => toy.compare(over), { waveRecords: 0 }, NOTHING],
];
const CASES = WAYS.flatMap(([name, ...way]) =>
  Object.entries(FAULTS).map(([code, fault]) => [name, code, fault, ...way] as const),
);

/** What is published: the current snapshot of each table but those of what was read. */
async function published(toy: Toy): Promise<Readonly<Record<string, string | null>>> {
  const tables = Object.entries(await toy.snapshots());
  return Object.fromEntries(tables.filter(([name]) => !['objects', 'records', 'account_owners'].includes(name)));
}

test.each(CASES)(
  '%s is refused for its last family (%s): nothing is published',
  async (_, code, fault, act, over, leaves) => {
    const models = openToyModels();
    fault(models);
    const toy = openToy(models.models);
    await toy.take(FAMILIES);
    await toy.store([BAD]);
    const [before, addresses] = [await published(toy), toy.addresses()];
    expect(Object.keys(before)).toEqual(['batches', 'daily_metrics', 'observations', 'raw_objects', 'taken']);
    await expect(act(toy, over)).rejects.toMatchObject({ code });
    expect(await published(toy)).toEqual(before);
    expect(toy.addresses().filter((one) => !addresses.includes(one) && !leaves.test(one))).toEqual([]);
    expect(toy.events).toHaveLength(1);
    expect(await toy.take([CORRECTION], over)).toMatchObject({ users: ['u_ben'] });
    expect(await toy.place.list('open/')).toEqual([]);
    const values = await toy.rows('daily_metrics', 'user_id, value');
    expect(values.filter(({ user_id: id }) => id === 'u_ben').map(({ value }) => value)).toEqual(
      expect.arrayContaining([10, 9]),
    );
  },
);
