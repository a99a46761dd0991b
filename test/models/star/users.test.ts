import { beforeAll, describe, expect, test } from 'vitest';
import { tables, type Tables } from '../deliveries.ts';
import { movers } from './movers.ts';

describe('dim_user', () => {
  let of: Tables;
  const rowsOf = async (user: string) =>
    (
      await of.query(
        `select name, zone, units, valid_from, valid_to from dim_user where user_id = '${user}' order by valid_from`,
      )
    ).map((row) => Object.values(row).join(' '));

  beforeAll(async () => {
    of = await tables(movers);
  });

  test('of somebody who never changed a thing is one row that holds for ever', async () => {
    expect(await rowsOf('still')).toEqual(['still Europe/Paris metric 1970-01-01 9999-12-31']);
  });

  test('begins a row on the local day something was said, of one day the last, and none for what is not shown', async () => {
    // 23:30 UTC is 00:30 in Paris on the 2nd; the order of sources of the 3rd is not shown; Bea of the 10th is Cleo an hour later
    expect(await rowsOf('renamed')).toEqual([
      'renamed Europe/Paris metric 1970-01-01 2026-02-01',
      'Ana Europe/Paris metric 2026-02-02 2026-02-09',
      'Cleo Europe/Paris imperial 2026-02-10 9999-12-31',
    ]);
    expect(await rowsOf('back')).toEqual(['back Europe/Paris metric 1970-01-01 9999-12-31']);
  });

  test('has a zone from when the person was in it on, whenever that was said', async () => {
    // 20:00 UTC of the 28th is 05:00 in Tokyo on the 1st of March; the 1st of April 10:00 UTC is 19:00 there
    expect(await rowsOf('moved')).toEqual([
      'moved Europe/Paris metric 1970-01-01 2026-02-28',
      'moved Asia/Tokyo metric 2026-03-01 2026-03-31',
      'Ana Asia/Tokyo metric 2026-04-01 9999-12-31',
    ]);
    // also from before the person was known here
    expect(await rowsOf('earlier')).toEqual([
      'earlier Europe/Paris metric 1970-01-01 2025-12-23',
      'earlier Asia/Tokyo metric 2025-12-24 9999-12-31',
    ]);
  });

  test('goes on when a flight leads back to the day before', async () => {
    // 03:00 UTC is 16:00 of the 10th in Auckland; 05:00 UTC is 19:00 of the 9th in Honolulu, where they are from the 10th on all the same;
    // 20:00 UTC of the 12th is 10:00 there
    expect(await rowsOf('dateline')).toEqual([
      'dateline Pacific/Auckland metric 1970-01-01 2026-03-09',
      'Ana Pacific/Honolulu metric 2026-03-10 2026-03-11',
      'Bea Pacific/Honolulu metric 2026-03-12 9999-12-31',
    ]);
  });

  test('names the raw object each row begins with', async () => {
    const rows = await of.query(
      `select u.valid_from, cast(timestamp_millis(cast(get_json_object(r.record, '$.effective_at') as bigint)) as date) as said_on
       from dim_user u join records r on r.raw_key = u.raw_key where u.user_id = 'moved' order by 1`,
    );
    // the row of March is known of what was said in April
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
      '1970-01-01 2026-01-05',
      '2026-03-01 2026-04-01',
      '2026-04-01 2026-04-01',
    ]);
  });

  test('holds no address of a mail', async () => {
    const [row = {}] = await of.query('select * from dim_user limit 1');
    expect(Object.keys(row)).not.toContain('email');
  });
});
