import { DuckDBInstance } from '@duckdb/node-api';
import { expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../app/api.ts';
import { tables } from '../../app/lineage.ts';
import { startSession, type Viewer } from '../../app/session.ts';
import { explainRow } from '../../app/explain/row.ts';
import { readRows } from '../../ports/engine/duckdb/database.ts';
import type { Cell, Row } from '../../ports/warehouse/warehouse.ts';
import { OWNER_TOKEN, openPages } from '../support/pages.ts';
import { rawObject } from '../support/raw.ts';

const SQL = {
  text: 'varchar',
  double: 'double',
  bigint: 'bigint',
  int: 'integer',
  date: 'date',
  timestamp: 'timestamp',
  boolean: 'boolean',
} as const;

const quoted = (cell: Cell): string => (typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell));

/** The stored tables as the models state them, with these rows. */
async function holding(rows: Readonly<Record<string, readonly Row[]>>) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  onTestFinished(() => connection.closeSync());
  for (const { name, columns } of tables().values()) {
    const typed = Object.entries(columns).map(([column, type]) => `"${column}" ${SQL[type]}`);
    await connection.run(`create table "${name}" (${typed.join(', ')})`);
    for (const row of rows[name] ?? []) {
      const names = Object.keys(row).map((column) => `"${column}"`);
      await connection.run(
        `insert into "${name}" (${names.join(', ')}) values (${Object.values(row).map(quoted).join(', ')})`,
      );
    }
  }
  const { runtime } = openPages();
  const known = { name: '', zone: 'UTC', zone_since: null, units: null, email: null, priority: {} };
  for (const [id, name] of [
    ['u_a', 'Ana'],
    ['u_b', 'Bo'],
  ] as const)
    await runtime.state.put('user', id, { ...known, user_id: id, name });
  return {
    ...runtime,
    warehouse: {
      run: ({ sql }: { readonly sql: string }, values: Readonly<Record<string, Cell>> = {}) =>
        readRows(connection, sql, { ...values }),
    },
  };
}

const lunch = rawObject({
  provider: 'myfitnesspal',
  externalId: 'm',
  type: 'nutrition',
  receivedAt: '2026-03-03T08:00:00Z',
  data: {
    rows: [
      { Meal: 'Lunch', Calories: '650' },
      { Meal: 'Dinner', Calories: '700' },
    ],
    syncToken: 'abc',
  },
});
const meal = (user: string, name: string): Row => ({
  user_id: user,
  account: 'a_m',
  local_date: '2026-03-02',
  meal: name,
  raw_key: lunch.key,
  raw_pointer: '/rows/0',
});
const part = (user: string, name: string, row: number): Row => ({ ...meal(user, name), raw_pointer: `/rows/${row}` });

const OWNER: Viewer = { role: 'owner' };
const ANA: Viewer = { role: 'person', userId: 'u_a' };
const LUNCH = 'local_date=2026-03-02,meal=Lunch';

async function table() {
  const runtime = await holding({
    meals: [meal('u_a', 'Lunch'), meal('u_b', 'Lunch')],
    meal_rows: [part('u_a', 'Lunch', 0), part('u_a', 'Dinner', 1), part('u_b', 'Lunch', 1)],
    raw_objects: [
      { raw_key: lunch.key, user_id: 'u_a', account: 'a_m', batch_id: 'b1' },
      { raw_key: 'raw/nobodys', user_id: null, account: 'a_x', batch_id: 'b1' },
      { raw_key: 'raw/of-bo', user_id: 'u_b', account: 'a_b', batch_id: 'b1' },
    ],
    quarantine: [
      {
        quarantine_id: 'q_a',
        user_id: 'u_a',
        raw_key: 'raw/of-bo',
        pointer: '/x/accessToken',
        text: 'abc',
        rule: 'out_of_range',
      },
      {
        quarantine_id: 'q_b',
        user_id: 'u_b',
        raw_key: 'raw/of-bo',
        pointer: '',
        text: '{"token":"ab',
        rule: 'malformed',
      },
    ],
    batches: [{ batch_id: 'b1' }],
  });
  await runtime.objects.putIfAbsent(lunch.key, lunch.document);
  const ask = (viewer: Viewer, name: string, key: string, userId?: string) =>
    explainRow(runtime, { viewer, table: name, key, userId });
  return { runtime, ask };
}

test('a meal leads to its own rows of the diary alone, and to their text', async () => {
  const { ask } = await table();
  const found = await ask(OWNER, 'meals', LUNCH, 'Ana');
  expect(found).toMatchObject({
    table: 'meals',
    key: { user_id: 'u_a', local_date: '2026-03-02', meal: 'Lunch' },
    row: { user_id: 'u_a', energy_kcal: null },
    reason: null,
    evidence: [
      {
        raw_key: lunch.key,
        pointer: '/rows/0',
        text: '{"Meal":"Lunch","Calories":"650"}',
        received_at: '2026-03-03T08:00:00.000Z',
        share: null,
      },
    ],
    evidence_total: 1,
  });
  // Of two rows of Ana's day one is of that meal, and Bo's are not hers; nobody can ask for them by name.
  expect(found.made_from.map(({ table: from, rows, total }) => [from, rows.map(({ key }) => key), total])).toEqual([
    ['meal_rows', [null], 1],
  ]);
});

test('a person is shown their own rows; another one’s are as if they were not', async () => {
  const { ask } = await table();
  expect((await ask(ANA, 'meals', `user_id=u_a,${LUNCH}`)).row['user_id']).toBe('u_a');
  expect((await ask(ANA, 'raw_objects', `raw_key=${lunch.key}`)).row['user_id']).toBe('u_a');
  const notTheirs = [
    ['meals', `user_id=u_b,${LUNCH}`],
    // Neither by a name, nor by a person nobody knows, nor by a key that does not say whose it is.
    ['meals', `user_id=Bo,${LUNCH}`],
    ['meals', `user_id=u_zed,${LUNCH}`],
    ['raw_objects', 'raw_key=raw/of-bo'],
    ['raw_objects', 'raw_key=raw/nobodys'],
    ['quarantine', 'quarantine_id=q_b'],
    ['quarantine', 'quarantine_id=q_b,user_id=u_a'],
  ] as const;
  for (const [name, key] of notTheirs)
    await expect(ask(ANA, name, key), key).rejects.toMatchObject({ code: 'no_such_row', status: 404, exit: 1 });
  await expect(ask(ANA, 'batches', 'batch_id=b1')).rejects.toMatchObject({ code: 'forbidden' });
});

test('a row never leads to one of another person, also not for the owner', async () => {
  const { ask } = await table();
  for (const viewer of [ANA, OWNER]) {
    const { made_from: made } = await ask(viewer, 'quarantine', 'quarantine_id=q_a');
    expect(made).toEqual([{ table: 'raw_objects', rows: [], total: 0 }]);
  }
});

test('what no person may read in a refused text nobody is shown', async () => {
  const { ask } = await table();
  expect((await ask(OWNER, 'quarantine', 'quarantine_id=q_a')).row['text']).toBe('…');
  expect((await ask(OWNER, 'quarantine', 'quarantine_id=q_b')).row['text']).toBe('{"token":"…"');
  const whole = await ask(OWNER, 'raw_objects', `raw_key=${lunch.key}`);
  expect(whole.reason).toBe('It is the object itself, as it was received.');
  expect(whole.evidence.map(({ text }) => text)).toEqual([
    '{"rows":[{"Meal":"Lunch","Calories":"650"},{"Meal":"Dinner","Calories":"700"}],"syncToken":"…"}',
  ]);
});

test('a batch leads to the objects it took in', async () => {
  const { ask } = await table();
  const { made_from: made } = await ask(OWNER, 'batches', 'batch_id=b1');
  expect(made.map(({ table: from, total }) => [from, total])).toEqual([['raw_objects', 3]]);
});

test('a table nobody can ask for is no table, and a person nobody knows is said to be', async () => {
  const { ask } = await table();
  for (const name of ['meal_rows', 'sqlite_master', 'constructor', 'meals" --'])
    await expect(ask(OWNER, name, LUNCH), name).rejects.toMatchObject({ code: 'unknown_table', status: 404, exit: 2 });
  await expect(ask(OWNER, 'meals', `user_id=u_zed,${LUNCH}`)).rejects.toMatchObject({ code: 'unknown_user', exit: 2 });
  await expect(ask(OWNER, 'meals', `user_id=u_a,local_date=2026-03-02,meal=' or ''='`)).rejects.toMatchObject({
    code: 'no_such_row',
  });
});

const url = (query: string) => `http://127.0.0.1:8787/api/v1/explain?${query}`;
const asked = (user: string) => `table=meals&key=${encodeURIComponent(`user_id=${user},${LUNCH}`)}`;

test('the API explains a row to whoever may see it, and refuses half a question', async () => {
  const { runtime } = await table();
  const api = createApi(runtime);
  const owner = { authorization: `Bearer ${OWNER_TOKEN}` };
  const ana = { cookie: `wellspring=${await startSession(runtime, ANA)}` };
  const status = async (query: string, headers: Record<string, string>) => {
    const response = await api.request(url(query), { headers });
    const body: unknown = await response.json();
    return [response.status, body] as const;
  };
  expect(await status(asked('u_b'), owner)).toMatchObject([200, { table: 'meals', row: { user_id: 'u_b' } }]);
  expect(await status(asked('u_a'), ana)).toMatchObject([200, { row: { user_id: 'u_a' } }]);
  expect(await status(asked('u_b'), ana)).toMatchObject([404, { code: 'no_such_row' }]);
  expect(await status('table=meals', owner)).toMatchObject([
    400,
    { detail: expect.stringContaining('key: is missing') },
  ]);
  expect(await status('user_id=u_a&day=2026-03-02', owner)).toMatchObject([400, { detail: 'metric: is missing' }]);
  expect(await status(`${asked('u_a')}&metric=steps`, owner)).toMatchObject([400, { code: 'invalid_query' }]);
  expect(await status('table=meals&key=meal=Lunch', owner)).toMatchObject([400, { code: 'bad_key' }]);
});
