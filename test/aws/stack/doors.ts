import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { bucketAt } from '../../support/stand/bucket.ts';
import type { Household } from '../../support/stand/household.ts';
import { SECRETS } from '../../support/stand/stand.ts';

const linked = z.object({ connection: z.object({ external_id: z.string() }), token: z.string() });
const clients = z.object({ oura: z.string() }).parse(JSON.parse(SECRETS.clients));
const PHONE =
  '{"data":{"metrics":[{"name":"step_count","units":"count","data":[{"date":"2026-03-01 10:00:00 +0100","qty":7}]}]}}';
const DIARY = 'Date,Meal,Calories\n2026-01-05,Lunch,500\n';

const created = (key: string) => ({ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }] });

/** Every provider's way in, each tried once through the bundle that is behind it; and who is turned away there. */
export function doors(house: () => Household): void {
  const raw = () => bucketAt(house().stand.connection, house().stand.environment('web')['RAW_BUCKET'] ?? '');
  const stored = async (provider: string) => (await raw().keys('raw/')).filter((key) => key.includes(`/${provider}/`));
  const push = async (token: string) =>
    (
      await house().stand.ask('POST', '/webhooks/apple', {
        body: PHONE,
        base64: true,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      })
    ).statusCode;

  test('a phone pushes with the token of one person, until it is given up', async () => {
    const { stand, api, ids, canaries } = house();
    const { connection, token } = linked.parse((await api('POST', '/api/v1/link/apple', { user_id: ids.ben })).said);
    canaries.add('secret', 'personal token', token.split('.')[1]);
    expect([await push(token), (await stored('apple')).length]).toEqual([200, 1]);
    expect(await push(`${token}x`)).toBe(401);

    const { external_id } = connection;
    expect((await api('POST', '/api/v1/disconnect/apple', { user_id: ids.ben, external_id })).status).toBe(200);
    expect(await raw().keys('denied/keys/')).toEqual([`denied/keys/${external_id}`]);
    // The list is read again after a minute at most, and by a new process at once.
    await stand.restart('receive');
    expect(await push(token)).toBe(401);
  });

  test('a ring’s notice is taken with its signature', async () => {
    const { stand } = house();
    const body =
      '{"event_type":"update","data_type":"daily_sleep","object_id":"s-1","event_time":"2026-03-01T07:00:00+00:00","user_id":"o-1"}';
    const at = String(Date.now());
    const signature = createHmac('sha256', clients.oura).update(at).update(body).digest('hex').toUpperCase();
    const headers = { 'content-type': 'application/json', 'x-oura-signature': signature, 'x-oura-timestamp': at };
    expect((await stand.ask('POST', '/webhooks/oura', { body, headers })).statusCode).toBe(200);
    expect(await stored('oura')).toHaveLength(1);
    expect((await stand.ask('POST', '/webhooks/oura', { body: `${body} `, headers })).statusCode).toBe(401);
    await stand.settle();
  });

  test('a file that is handed in, or put at an address that was given, is imported as the bucket tells of it', async () => {
    const { stand, page, api, ids } = house();
    const type = 'multipart/form-data; boundary=edge';
    const part = 'content-disposition: form-data; name="file"; filename="diary.csv"\r\ncontent-type: text/csv';
    const body = `--edge\r\n${part}\r\n\r\n${DIARY}\r\n--edge--\r\n`;
    const handed = await page('POST', '/api/v1/import/myfitnesspal', { body, type, query: `user_id=${ids.ben}` });
    expect(handed.statusCode).toBe(202);
    for (const key of await raw().keys('inbox/'))
      expect(await stand.call('import', created(key))).not.toHaveProperty('error');
    expect([await raw().keys('inbox/'), (await stored('myfitnesspal')).length]).toEqual([[], 1]);

    const wanted = { provider: 'myfitnesspal', name: 'diary.csv', bytes: DIARY.length + 1 };
    const { said } = await api('POST', '/api/v1/uploads', wanted, `user_id=${ids.ben}`);
    const place = z
      .object({ put_url: z.string(), headers: z.record(z.string(), z.string()), upload_id: z.string() })
      .parse(said);
    const put = await fetch(place.put_url, { method: 'PUT', headers: place.headers, body: `${DIARY}\n` });
    expect(put.status).toBe(200);
    for (const key of await raw().keys('inbox/'))
      expect(await stand.call('import', created(key))).not.toHaveProperty('error');
    expect(await raw().keys('inbox/')).toEqual([]);
    const { said: became } = await api('GET', `/api/v1/uploads/${place.upload_id}`);
    expect(became).toMatchObject({ state: 'imported', report: { duplicates: 1 } });
  });
}
