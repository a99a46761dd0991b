import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../../providers/kit/account.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import type { Lake } from '../support/lake.ts';
import { rawObject, type Payload } from '../support/raw.ts';

const at = (minute: number): number => Date.parse('2026-01-01T00:00:00Z') + minute * 60_000;

/** Steps of one day of one toy account. */
export function steps(externalId: string, day: string, value: number, minute = 0): Payload {
  return {
    provider: 'toy',
    externalId,
    type: 'steps',
    receivedAt: at(minute),
    data: { rows: [{ day, steps: value }] },
  };
}

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
const BEN = [userFact('u_ben'), connectionFact('u_ben', 'toy', 'ben')];

/** What every driver of the engine port must do; the lake speaks the toy models. */
export function engineContract(name: string, makeLake: () => Lake): void {
  describe(`engine: ${name}`, () => {
    test('a batch publishes what its objects say', async () => {
      const lake = makeLake();
      const result = await lake.batch([...ANNA, steps('anna', '2026-01-01', 4200)]);
      // two facts and one payload; its one row is one observation on one day
      expect(result).toMatchObject({
        batchId: 'b1',
        published: true,
        objects: 3,
        observations: 1,
        days: 1,
        users: ['u_anna'],
      });
      expect(await lake.query('select user_id, local_date, value from daily_metrics')).toEqual([
        { user_id: 'u_anna', local_date: '2026-01-01', value: 4200 },
      ]);
    });

    test('a batch without objects and without changes publishes nothing and names the last one', async () => {
      const lake = makeLake();
      expect(await lake.batch()).toMatchObject({ batchId: null, published: false, objects: 0 });
      await lake.batch(ANNA);
      expect(await lake.batch()).toMatchObject({ batchId: 'b2', published: false, objects: 0 });
    });

    test('what finished batches took in is known, from a date on when one is given', async () => {
      const lake = makeLake();
      expect(await lake.engine.lastFinished()).toBeUndefined();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 1), steps('nobody', '2026-01-01', 2)]);
      const known = await lake.engine.known();
      const [mine, waiting] = [steps('anna', '2026-01-01', 1), steps('nobody', '2026-01-01', 2)].map(
        (p) => rawObject(p).key,
      );
      expect(known.get(mine ?? '')).toBe('read');
      expect(known.get(waiting ?? '')).toBe('unread');
      expect(known.size).toBe(4);
      // the facts were written in 2001, both payloads on 2026-01-01
      expect((await lake.engine.known('2026-01-01')).size).toBe(2);
      expect(await lake.engine.lastFinished()).toBe(Date.parse('2026-11-01T00:01:00Z'));
    });

    test('an account nobody has connected waits, appears when it is connected, and moves nobody else', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, userFact('u_ben'), steps('anna', '2026-01-01', 10), steps('ben', '2026-01-01', 20)]);
      expect(await lake.query('select user_id from daily_metrics')).toEqual([{ user_id: 'u_anna' }]);
      expect(await lake.query(`select state, n_records from raw_objects where user_id is null`)).toEqual([
        { state: 'unclaimed', n_records: 0 },
      ]);
      const result = await lake.batch([connectionFact('u_ben', 'toy', 'ben')]);
      expect(result.users).toEqual(['u_ben']);
      expect(await lake.query('select user_id, value from daily_metrics order by 1')).toEqual([
        { user_id: 'u_anna', value: 10 },
        { user_id: 'u_ben', value: 20 },
      ]);
    });

    test('a person whose account passed to another is recomputed together with the other', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, userFact('u_ben'), steps('anna', '2026-01-01', 10, 1)]);
      const lost = connectionFact('u_anna', 'toy', 'anna', { at: at(5), state: 'disconnected' });
      await lake.batch([lost, connectionFact('u_ben', 'toy', 'anna', { at: at(6) })]);
      const result = await lake.batch([steps('anna', '2026-01-02', 30, 7)]);
      expect(result.users).toEqual(['u_anna', 'u_ben']);
      expect(await lake.query('select user_id, local_date, value from daily_metrics order by 1')).toEqual([
        { user_id: 'u_anna', local_date: '2026-01-01', value: 10 },
        { user_id: 'u_ben', local_date: '2026-01-02', value: 30 },
      ]);
    });

    test('a copy that comes after its account was let go still belongs to whom the first one came to', async () => {
      const lake = makeLake();
      const gone = connectionFact('u_anna', 'toy', 'anna', { at: at(5), state: 'disconnected' });
      const [copy, news] = [steps('anna', '2026-01-01', 10, 7), steps('anna', '2026-01-02', 20, 8)];
      const late = { ...copy, receivedAt: at(7 + 24 * 60) };
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10, 1), gone, late, news]);
      const known = await lake.engine.known();
      expect(known.get(rawObject(late).key)).toBe('read');
      expect(known.get(rawObject(news).key)).toBe('unread');
    });

    test('only the people a batch is about are recomputed', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, ...BEN, steps('anna', '2026-01-01', 1), steps('ben', '2026-01-01', 2)]);
      const before = await lake.query(`select updated_at from daily_metrics where user_id = 'u_ben'`);
      expect((await lake.batch([steps('anna', '2026-01-02', 3)])).users).toEqual(['u_anna']);
      expect(await lake.query(`select updated_at from daily_metrics where user_id = 'u_ben'`)).toEqual(before);
    });

    test('any cutting into batches gives the same tables, and so does a rebuild after each', async () => {
      const payloads = [...ANNA, ...BEN].concat(
        [1, 2].flatMap((n) => [steps('anna', `2026-01-0${n}`, n, n), steps('ben', '2026-01-01', n * 10, n)]),
      );
      const whole = makeLake();
      await whole.batch(payloads);
      const expected = await whole.published();
      for (const order of [payloads, payloads.toReversed()]) {
        const cut = makeLake();
        for (const payload of order) {
          await cut.batch([payload]);
          expect(await cut.compare()).toEqual([]);
        }
        expect(await cut.published()).toEqual(expected);
        await cut.rebuild();
        expect(await cut.published()).toEqual(expected);
      }
    });

    test('an object given again changes nothing', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const before = await lake.published();
      await lake.batch([steps('anna', '2026-01-01', 10)]);
      expect(await lake.published()).toEqual(before);
    });

    test('a lost lease publishes nothing', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const before = await lake.published();
      const lost = lake.batch([steps('anna', '2026-01-02', 20)], { commit: () => Promise.resolve(false) });
      await expect(lost).rejects.toMatchObject({ code: 'lease_lost' });
      expect(await lake.published()).toEqual(before);
    });

    test('a type without a reader and an element without an account are refused, their neighbours used', async () => {
      const lake = makeLake();
      await lake.batch([
        ...ANNA,
        steps('anna', '2026-01-01', 10),
        { provider: 'toy', externalId: 'anna', type: 'moods', receivedAt: at(0), data: { rows: [] } },
        { provider: 'toy', type: 'steps', receivedAt: at(0), data: { rows: [{ day: '2026-01-01', steps: 1 }] } },
        { provider: 'toy', externalId: 'anna', type: 'ping', receivedAt: at(0), data: { any: 1 } },
      ]);
      expect(
        await lake.query(
          `select type, problem from raw_objects where type like 'toy.%' order by type, problem nulls first`,
        ),
      ).toEqual([
        { type: 'toy.moods', problem: 'no_reader' },
        { type: 'toy.ping', problem: null },
        { type: 'toy.steps', problem: null },
        { type: 'toy.steps', problem: 'no_account' },
      ]);
      expect(await lake.query('select value from daily_metrics')).toEqual([{ value: 10 }]);
    });

    test('what is erased is gone from every table and is not known, and nobody else moves', async () => {
      const lake = makeLake();
      const hers = [...ANNA, steps('anna', '2026-01-01', 10)];
      await lake.batch([...hers, ...BEN, steps('ben', '2026-01-01', 20)]);
      const only = makeLake();
      await only.batch([...BEN, steps('ben', '2026-01-01', 20)]);
      const erasure = {
        users: ['u_anna'],
        accounts: hers.map((one) => accountOf(one.provider, one.externalId ?? '')),
        keys: [],
      };
      const counted = await lake.engine.countErasure(erasure);
      // two facts and one payload, and one row of her in each table of values
      expect(counted).toMatchObject({ raw_objects: 3, daily_metrics: 1, observations: 1 });
      await lake.engine.erase(erasure, { batchId: 'b_erase', now: at(0), commit: async (change) => (change(), true) });
      expect(await lake.published()).toEqual(await only.published());
      expect([...(await lake.engine.known()).keys()].toSorted()).toEqual(
        [...(await only.engine.known()).keys()].toSorted(),
      );
      expect(await lake.engine.countErasure(erasure)).toEqual({});
      await lake.batch([steps('ben', '2026-01-02', 30)]);
      await only.batch([steps('ben', '2026-01-02', 30)]);
      expect(await lake.published()).toEqual(await only.published());
    });

    test('of an account two people had one after the other only the named objects are erased', async () => {
      const lake = makeLake();
      const mine = steps('anna', '2026-01-01', 10, 1);
      await lake.batch([...ANNA, userFact('u_ben'), mine]);
      await lake.batch([connectionFact('u_anna', 'toy', 'anna', { at: at(5), state: 'disconnected' })]);
      await lake.batch([connectionFact('u_ben', 'toy', 'anna', { at: at(6) }), steps('anna', '2026-01-02', 30, 7)]);
      const own = accountOf('wellspring', 'user:u_anna');
      const erasure = { users: ['u_anna'], accounts: [own], keys: [rawObject(mine).key] };
      await lake.engine.erase(erasure, { batchId: 'b_erase', now: at(9), commit: async (change) => (change(), true) });
      expect(await lake.query('select user_id, value from daily_metrics')).toEqual([{ user_id: 'u_ben', value: 30 }]);
      expect(await lake.query(`select raw_key from raw_objects where raw_key = '${rawObject(mine).key}'`)).toEqual([]);
    });

    test('an erasure whose lease is lost changes nothing', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10)]);
      const before = await lake.published();
      const erasure = { users: ['u_anna'], accounts: [], keys: [] };
      const lost = lake.engine.erase(erasure, { batchId: 'b_erase', now: at(0), commit: async () => false });
      await expect(lost).rejects.toMatchObject({ code: 'lease_lost' });
      expect(await lake.published()).toEqual(before);
    });

    test('an extract holds one person’s rows of every table about people, as Parquet and as CSV', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, ...BEN, steps('anna', '2026-01-01', 10), steps('ben', '2026-01-01', 20)]);
      const found: string[] = [];
      for await (const { table, format, bytes } of lake.engine.extract('u_anna')) {
        const told = await text(bytes);
        found.push(`${table}.${format}`);
        if (format === 'csv') expect([told.includes('u_anna'), told.includes('u_ben')], table).toEqual([true, false]);
        else expect(told.slice(0, 4)).toBe('PAR1');
      }
      expect(found).toEqual(expect.arrayContaining(['daily_metrics.parquet', 'daily_metrics.csv']));
    });

    test('people named by the caller are recomputed without any new object', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, ...BEN]);
      expect((await lake.batch([], { also: ['u_ben'] })).users).toEqual(['u_ben']);
      expect((await lake.batch([], { also: 'all' })).users).toEqual(['u_anna', 'u_ben']);
    });

    test('a comparison names each cell that raw says otherwise, and changes nothing', async () => {
      const lake = makeLake();
      await lake.batch([...ANNA, steps('anna', '2026-01-01', 10), steps('anna', '2026-02-01', 5)]);
      const before = await lake.published();
      const late = rawObject(steps('anna', '2026-01-01', 11, 1));
      lake.raw.set(late.key, late.document);
      const day = { user_id: 'u_anna', local_date: '2026-01-01', metric: 'steps' };
      const cells = (await lake.compare()).filter((change) => change.table !== 'raw_objects');
      expect(cells).toEqual([
        { table: 'daily_metrics', column: 'value', ...day, before: 10, after: 11, model: 'daily_metrics' },
        { table: 'observations', column: 'value', ...day, before: 10, after: 11, model: 'observations' },
      ]);
      expect(await lake.compare('2026-01-02')).toEqual([]);
      expect(await lake.published()).toEqual(before);
    });
  });
}
