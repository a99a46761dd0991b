import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { bucketAt } from '../../support/stand/bucket.ts';
import { type Household, SCALES } from '../../support/stand/household.ts';
import { accountOf } from '../../../providers/kit/account.ts';

const exported = z.object({ url: z.string() });
const begun = z.object({ receipt_url: z.string() });
const receipt = z.object({
  receipt: z.object({
    finished_at: z.string().nullable(),
    places: z.array(z.object({ place: z.string(), gone: z.string() }).loose()),
  }),
});

/** What people take with them and what stays of them: `web`, `export` and `forget`. */
export function parting(house: () => Household): void {
  const bucket = (name: string) => bucketAt(house().stand.connection, house().stand.environment('forget')[name] ?? '');

  test('everything of a person is built as a ZIP file, and the answer leads to it', async () => {
    const { stand, page, ids } = house();
    const asked = await page('GET', '/api/v1/export', { query: `user_id=${ids.anna}` });
    expect(asked.statusCode).toBe(202);
    const { pathname } = new URL(exported.parse(JSON.parse(asked.body)).url);
    expect((await page('GET', pathname)).statusCode).toBe(404);
    expect((await stand.settle())['export']).toBe(1);
    const answer = await page('GET', pathname);
    expect(answer.statusCode).toBe(302);
    const zip = new Uint8Array(await (await fetch(answer.headers['location'] ?? '')).arrayBuffer());
    const account = accountOf('withings', SCALES.anna);
    const hers = (await bucket('RAW_BUCKET').keys('raw/')).filter((key) => key.includes(account));
    expect(hers.length).toBeGreaterThan(0);
    expect(Object.keys(unzipSync(zip)).filter((name) => hers.some((key) => name.endsWith(key)))).toHaveLength(
      hers.length,
    );
  });

  test('who is forgotten is in no version of any bucket, their account is refused, and the receipt says what goes when', async () => {
    const { stand, page, ids } = house();
    const words = [ids.anna, accountOf('withings', SCALES.anna), accountOf('garmin', 'g-1')];
    const hers = async (): Promise<readonly string[]> => {
      const all = [];
      for (const name of ['RAW_BUCKET', 'LAKE_BUCKET', 'RESULTS_BUCKET'])
        for (const { Key = '' } of await bucket(name).versions()) all.push(Key);
      return all.filter((key) => words.some((word) => key.includes(word)) && !key.startsWith('denied/'));
    };
    expect((await hers()).length).toBeGreaterThan(3);
    const body = JSON.stringify({ confirm: 'Anna' });
    const asked = await page('DELETE', `/api/v1/users/${ids.anna}`, { body, type: 'application/json' });
    expect(asked.statusCode).toBe(202);
    expect((await stand.settle())['forget']).toBe(1);
    const { pathname } = new URL(begun.parse(JSON.parse(asked.body)).receipt_url);
    const { receipt: told } = receipt.parse(JSON.parse((await page('GET', pathname)).body));
    expect(told.finished_at).not.toBeNull();
    // The stack keeps its archive 60 days and its logs 90; the rest is the same in every stack.
    const inDays = (days: number) =>
      new Date(Date.parse(told.finished_at ?? '') + days * 86_400_000).toISOString().slice(0, 10);
    const later = told.places.filter(({ gone }) => gone !== 'now').map(({ place, gone }) => `${place}: ${gone}`);
    for (const [place, days] of Object.entries({
      'backups of the records': 35,
      'archive of the bus': 60,
      'logs of the functions': 90,
      'log of changed raw objects': 396,
      'answers of Athena': 8,
    }))
      expect(later).toContainEqual(expect.stringMatching(new RegExp(`^${place} .*: ${inDays(days)}$`)));
    expect(await hers()).toEqual([]);
    expect(await bucket('RAW_BUCKET').keys('denied/accounts/')).toContain(
      `denied/accounts/${accountOf('garmin', 'g-1')}`,
    );

    await stand.restart('receive');
    const { webhook_url: url } = z
      .object({ items: z.array(z.object({ webhook_url: z.string() })) })
      .parse((await house().api('GET', '/api/v1/urls', undefined, 'provider=garmin')).said).items[0] ?? {
      webhook_url: '',
    };
    const push = { body: '{"dailies":[{"userId":"g-1","summaryId":"s-2","calendarDate":"2026-03-02","steps":1}]}' };
    expect((await stand.ask('POST', new URL(url).pathname, push)).statusCode).toBe(200);
    expect(await hers()).toEqual([]);
  });

  test('what is open or waits for somebody is looked after every quarter of an hour', async () => {
    expect(await house().stand.call('forget', {})).not.toHaveProperty('error');
    expect(await house().stand.call('collect', {})).not.toHaveProperty('error');
  });
}
