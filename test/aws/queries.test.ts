import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createAthenaWarehouse } from '../../ports/warehouse/athena.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import type { Cell, NamedQuery, Row, Warehouse } from '../../ports/warehouse/warehouse.ts';
import { queries } from '../../models/queries.ts';
import { apple, garmin, person } from '../models/deliveries.ts';
import { type PlayedAthena, startAthena } from '../support/athena.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { goalFact } from '../support/facts.ts';
import { openLake } from '../support/lake.ts';
import { modelTables } from '../support/models-tables.ts';
import { namedQueries } from '../support/named-queries.ts';
import { play } from '../support/play.ts';
import { MODELS } from '../support/transform.ts';
import { describeTrino, startTrino, type Trino } from '../support/trino.ts';
import { type Base, byHand } from './by-hand.ts';
import { normalByHand } from './normal-by-hand.ts';
import { starByHand } from './star-by-hand.ts';

const TABLES = modelTables();
const OF_PEOPLE = Object.entries(queries).map(([name, { sql }]) => ({ name, sql }));
const OF_APP = namedQueries();

const DAY = '2026-11-10';
/** What the places of queries may hold; `user_id` and `quarantine_id` are added from the tables. */
const VALUES: Readonly<Record<string, readonly Cell[]>> = {
  day: [DAY],
  metric: ['steps', 'sleep_light_s', 'heart_rate_bpm', ''],
  from: ['2026-11-05'],
  to: ['2026-12-31'],
  after: [''],
  limit: [7],
};

const clock = createSystemClock();
const today = new Date(clock.now()).toISOString().slice(0, 10);
const steps = (day: string, qty: number) => ({ date: `${day} 00:30:00 +0000`, qty, source: 'Watch' });
const impatient = { ...clock, sleep: () => Promise.resolve() };

interface Place {
  readonly here: ReturnType<typeof createDuckDbWarehouse>;
  readonly there: () => Warehouse;
  readonly values: Readonly<Record<string, readonly Cell[]>>;
}

/** Another order of adding up may end in another last digit. */
const rounded = (cell: Cell): Cell => (typeof cell === 'number' ? Number(cell.toPrecision(12)) : cell);
// The key of a page is an engine's own text; the order it gives is compared.
const lines = (rows: readonly Row[]): readonly string[] =>
  rows.map(({ page_key: _pageKey, ...row }) =>
    JSON.stringify(Object.entries(row).map(([name, cell]) => [name, rounded(cell)])),
  );

/** Every choice of values for the places of a text. */
function choices(sql: string, values: Place['values']): readonly Readonly<Record<string, Cell>>[] {
  const names = [...new Set([...sql.matchAll(/\$(\w+)/g)].map(([, name = '']) => name))];
  return names.reduce<readonly Readonly<Record<string, Cell>>[]>(
    (made, name) => {
      const cells = values[name];
      if (cells === undefined) throw new Error(`Say in this test what $${name} may be.`);
      return made.flatMap((one) => cells.map((cell) => ({ ...one, [name]: cell })));
    },
    [{}],
  );
}

describeTrino('the queries of the program and of people', () => {
  let trino: Trino;
  let athena: PlayedAthena;
  const places: Place[] = [];
  const home = makeDirectory();

  async function add(directory: string): Promise<void> {
    const here = createDuckDbWarehouse({ directory, modelsDirectory: MODELS });
    const column = async (sql: string) => (await here.query(sql)).rows.map((row) => Object.values(row)[0] ?? null);
    const users = await column('select distinct user_id from daily_metrics order by 1');
    const there = (): Warehouse => {
      athena.play({ directory, console: here });
      const { connection } = athena;
      return createAthenaWarehouse({ workGroup: 'people', database: 'lake', clock: impatient, connection });
    };
    const refused = await column('select quarantine_id from quarantine order by 1 limit 1');
    places.push({ here, there, values: { ...VALUES, user_id: users, user: [...users, ''], quarantine_id: refused } });
  }

  beforeAll(async () => {
    trino = startTrino();
    athena = await startAthena();
    await play(join(home, 'demo'), { people: 2, days: 34 });
    await add(join(home, 'demo', 'lake'));
    // What nobody in a demo has: a night told in stages alone, an account nobody has connected, a value that cannot be.
    const lake = openLake({ models: MODELS, directory: join(home, 'other', 'lake') });
    const stage = {
      startDate: `${DAY} 01:00:00 +0100`,
      endDate: `${DAY} 05:00:00 +0100`,
      value: 'Core',
      qty: 4,
      source: 'Watch',
    };
    await lake.batch([
      ...person(),
      ...[['steps', 1500] as const, ['sleep_total_s', 14_000] as const].map(([metric, target]) =>
        goalFact('u_a', { at: Date.parse('2026-09-01T00:00:00Z'), metric, target }),
      ),
      apple('sleep_analysis', 'hr', [stage], `${DAY}T08:00:00Z`),
      apple(
        'step_count',
        'count',
        [{ date: `${DAY} 09:00:00 +0100`, qty: 9e9, source: 'Watch' }],
        `${DAY}T09:00:00Z`,
        'hours',
      ),
      garmin('dailies', [], `${DAY}T10:00:00Z`, 'a stranger'),
      // Weeks without a word between two, and the day that runs.
      ...['2026-09-01', '2026-09-22', '2026-11-03', today].map((day, n) =>
        apple('step_count', 'count', [steps(day, 1000 * (n + 1))], `${day}T12:00:00Z`, 'hours'),
      ),
    ]);
    await add(lake.directory);
  });
  afterAll(async () => {
    await Promise.all(places.map(({ here }) => here.close()));
    athena.stop();
    trino.stop();
    removeDirectory(home);
  });

  test('of the program are all found, each under a name of its own', () => {
    expect(OF_APP.length).toBeGreaterThanOrEqual(20);
    const names = [...OF_APP, ...OF_PEOPLE].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each<NamedQuery>([...OF_APP, ...OF_PEOPLE])(
    '$name reads in Trino, of tables and columns there are',
    async ({ sql }) => {
      const text = sql.replaceAll(/\$\w+/g, '?');
      expect(await trino.translate(text, TABLES)).toEqual({ duckdb: expect.any(String) });
    },
  );

  test.each<NamedQuery>([...OF_APP, ...OF_PEOPLE])('$name answers the same here and through Athena', async (query) => {
    let rows = 0;
    // Where nobody asked for an order there is none.
    const inOrder = /order by [^()]*$/.test(query.sql) ? lines : (found: readonly Row[]) => lines(found).toSorted();
    for (const { here, there, values } of places) {
      const warehouse = there();
      for (const parameters of choices(query.sql, values)) {
        const expected = await here.run(query, parameters);
        const answered = await warehouse.run(query, parameters);
        expect(inOrder(answered), JSON.stringify(parameters)).toEqual(inOrder(expected));
        rows += expected.length;
      }
    }
    // Nothing is equal to nothing.
    expect(rows).toBeGreaterThan(0);
  });

  test.each(Object.entries({ ...byHand, ...normalByHand, ...starByHand }))(
    '%s answers what is worked out by hand',
    async (name, work) => {
      let rows = 0;
      for (const { here } of places) {
        const base: Base = {
          daily_metrics: (await here.query('select * from daily_metrics')).rows,
          daily_candidates: (await here.query('select * from daily_candidates')).rows,
          workouts: (await here.query('select * from workouts')).rows,
          sleep_sessions: (await here.query('select * from sleep_sessions')).rows,
          freshness: (await here.query('select * from freshness')).rows,
          quarantine: (await here.query('select * from quarantine')).rows,
          raw_objects: (await here.query('select * from raw_objects')).rows,
          dim_user: (await here.query('select * from dim_user')).rows,
          dim_source: (await here.query('select * from dim_source')).rows,
          trends_weekly: (await here.query('select * from trends_weekly')).rows,
          goals_daily: (await here.query('select * from goals_daily')).rows,
          dim_activity: (await here.query('select * from dim_activity')).rows,
          readiness_daily: (await here.query('select * from readiness_daily')).rows,
          anomalies: (await here.query('select * from anomalies')).rows,
          baselines_daily: (await here.query('select * from baselines_daily')).rows,
          features_daily: (await here.query('select * from features_daily')).rows,
          meals: (await here.query('select * from meals')).rows,
          scores: (await here.query('select * from scores')).rows,
          samples: (await here.query('select * from samples')).rows,
        };
        const expected = lines(work(base, clock.now()));
        expect(lines((await here.query(queries[name]?.sql ?? '')).rows).toSorted()).toEqual(expected.toSorted());
        rows += expected.length;
      }
      expect(rows).toBeGreaterThan(0);
    },
  );
});
