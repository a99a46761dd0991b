import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { populate } from '../../../../bench/people/populate.ts';
import { readObjects } from '../../../../app/listing.ts';
import type { RawInput } from '../../../../ports/engine/engine.ts';
import { createFsObjects } from '../../../../ports/objects/fs.ts';
import { steps } from '../../../contract/engine.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { everything } from '../../../support/everything.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import { rawObject } from '../../../support/raw.ts';
import { openToyModels } from '../../../support/toy-models.ts';
import { MODELS } from '../../../support/transform.ts';

/** Every family is a wave of its own. */
const APART = { waveRecords: 0, waveBytes: 1 };

/** What raw holds of so many made-up people. */
async function rawOf(people: number, days: number): Promise<readonly RawInput[]> {
  const directory = temporaryDirectory();
  await populate(directory, { seed: 'parts', people, days, until: '2026-06-30' });
  const objects = createFsObjects({ root: directory });
  const keys: string[] = [];
  for await (const { key } of objects.list('raw/')) keys.push(key);
  return readObjects(objects, keys);
}

/** One batch of these, and the steps it took. */
async function take(lake: Lake, objects: readonly RawInput[]): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const { key, document } of objects) lake.raw.set(key, document);
  await lake.batch([], { objects, onStep: (step) => taken.push(step) });
  return taken;
}

async function expectAlike(lake: Lake, other: Lake): Promise<void> {
  const [expected, found] = [await everything(lake), await everything(other)];
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) expect(found[name], name).toEqual(expected[name]);
}

const isFact = ({ key }: RawInput): boolean => key.split('/')[2] === 'wellspring';

test('every cell is the same, whether some are made anew whole and some by days at once or each by themselves', async () => {
  const objects = await rawOf(4, 4);
  const [facts, others] = [objects.filter(isFact), objects.filter((one) => !isFact(one))];
  const late = others.filter((_, n) => n % 7 === 0);
  const users = [...new Set(facts.map(({ key }) => key.split('/')[3] ?? ''))];
  const [once, apart] = [
    openLake({ models: MODELS, daysFrom: 0 }),
    openLake({ models: MODELS, daysFrom: 0, ...APART }),
  ];
  // One of them is made anew whole by a fact that came again, the others by the days of what came late.
  const again = facts.filter(({ key }) => key.split('/')[3] === users[0]);
  const taken: string[] = [];
  for (const lake of [once, apart]) {
    await take(lake, [...facts, ...others.filter((one) => !late.includes(one))]);
    taken.push(...(await take(lake, [...again, ...late])));
  }
  expect(users).toHaveLength(4);
  expect(taken.filter((step) => step === 'windowed')).toHaveLength(2);
  expect((await everything(once))['daily_metrics']?.length).toBeGreaterThan(50);
  await expectAlike(once, apart);
  expect(await apart.compare()).toEqual([]);
  // What has been put by is gone.
  expect(existsSync(join(apart.directory, 'staging'))).toBe(false);
}, 300_000);

const family = (name: string) => [
  userFact(`u_${name}`),
  connectionFact(`u_${name}`, 'toy', name),
  steps(name, '2026-01-01', 10),
];
const FAMILIES = ['anna', 'ben', 'cleo'].flatMap(family);

test('what a comparison that was killed has put by is gone with the next batch, and with whoever is forgotten', async () => {
  const lake = openLake(APART);
  await lake.batch(FAMILIES);
  const beside = join(lake.directory, '..');
  const killed = join(temporaryDirectory(), 'killed');
  const listed = [...lake.raw].map(([key, { byteLength }]) => ({ key, bytes: byteLength }));
  const request = (batchId: string, onStep: (step: string) => void = () => undefined) => ({
    batchId,
    now: Date.parse('2026-11-01T01:00:00Z'),
    load: (key: string) => Promise.resolve(lake.raw.get(key)),
    commit: async (change: () => void) => (change(), true),
    onStep,
  });
  // All that lies there when the power goes: of one whose lake had three families.
  const atPutBy = (step: string): void => {
    if (step === 'put by') cpSync(beside, killed, { recursive: true });
  };
  await lake.engine.compare({ ...request('b_compared', atPutBy), listed });
  const names = (): readonly string[] =>
    readdirSync(beside, { recursive: true, encoding: 'utf8' }).filter((name) => /(staging|\.tmp)\//.test(name));
  expect(names()).toEqual([]);
  const putBack = (): void => cpSync(killed, beside, { recursive: true });
  putBack();
  expect(names()).not.toEqual([]);
  await lake.batch([steps('anna', '2026-01-02', 1)]);
  expect(names()).toEqual([]);
  cpSync(join(killed, 'lake', 'staging'), join(lake.directory, 'staging'), { recursive: true });
  await lake.engine.erase({ users: ['u_cleo'], accounts: [], keys: [] }, request('b_erased'));
  expect(names()).toEqual([]);
});

test('models that changed, and lines that read records, make everybody anew a family at a time', async () => {
  const { models, edit } = openToyModels();
  const [once, apart] = [openLake({ models }), openLake({ models, ...APART })];
  const household = ['u_anna', 'u_ben', 'u_cleo'].flatMap((user, n) => [
    userFact(user),
    connectionFact(user, 'toy', user.slice(2)),
    steps(user.slice(2), '2026-01-01', 10 + n),
  ]);
  for (const lake of [once, apart]) await take(lake, household.map(rawObject));
  edit('daily_metrics.sql', 'sum(cast(floor(o.value *', 'sum(cast(floor(o.value * 2e0 *');
  for (const lake of [once, apart]) expect(await lake.batch()).toMatchObject({ published: true, objects: 0 });
  // twice 10, 11 and 12 steps
  const values = () => apart.query('select value from daily_metrics order by value');
  expect(await values()).toEqual([20, 22, 24].map((value) => ({ value })));
  await expectAlike(once, apart);
  edit('records.csv', 'toy.ping,', 'toy.other,other,$.others[*],,,day,record,,,\ntoy.ping,');
  const more = [rawObject(steps('cleo', '2026-01-02', 3))];
  for (const lake of [once, apart]) await take(lake, more);
  // and twice 3, which came beside nine objects that are read anew
  expect(await values()).toEqual([6, 20, 22, 24].map((value) => ({ value })));
  expect(await apart.query('select n_objects from batches')).toEqual([9, 0, 10].map((n) => ({ n_objects: n })));
  await expectAlike(once, apart);
});

test('a model with rows of somebody its part is not about is refused: they would be there once for each part', async () => {
  const { models } = openToyModels();
  // Whose an account is, is known of everybody, whomever the models are run for.
  writeFileSync(
    join(models, 'owners_shown.sql'),
    'with account_owners as (select * from account_owners) select user_id, account from account_owners',
  );
  writeFileSync(
    join(models, 'owners_shown.yml'),
    `description: One row per account.
grain: [user_id, account]
materialized: table
published: true
partition: user_id
columns: { user_id: { type: text }, account: { type: text } }
`,
  );
  await expect(openLake({ models, ...APART }).batch(FAMILIES)).rejects.toMatchObject({
    code: 'out_of_scope',
    message: expect.stringContaining('owners_shown'),
  });
});
