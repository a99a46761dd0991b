import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../../app/api.ts';
import { takeInbox } from '../../../app/inbox.ts';
import { addUser } from '../../../app/people.ts';
import { startSession } from '../../../app/session.ts';
import { createInbox } from '../../../local/inbox.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { ORIGIN, OWNER_TOKEN, openPages } from '../../support/pages.ts';

const DIARY = 'Date,Meal,Calories\n2026-01-05,Lunch,500\n';
const WEIGHT = 'Date,Weight\n2026-01-05,180\n';

const started = z.object({ upload_id: z.string(), url: z.string() });
const address = started.extend({ put_url: z.string(), headers: z.record(z.string(), z.string()) });

const put = (content: string): RequestInit => ({ method: 'PUT', body: content });

async function openAna(more: { readonly importBytes?: number } = {}) {
  const { runtime: pages, clock } = openPages();
  const dataDir = temporaryDirectory();
  const runtime = { ...pages, ...more, inbox: createInbox(dataDir) };
  const [ana, ben] = [await addUser(runtime, { name: 'Ana' }), await addUser(runtime, { name: 'Ben' })];
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId: ana.user_id })}`;
  const api = createApi(runtime);
  const ask = (path: string, init: RequestInit = {}) =>
    api.request(path.startsWith('http') ? path : `${ORIGIN}${path}`, {
      ...init,
      headers: { cookie, origin: ORIGIN, ...Object.fromEntries(new Headers(init.headers)) },
    });
  const send = (
    content: string | Uint8Array<ArrayBuffer>,
    said: Record<string, string> = {},
    path = '/api/v1/import/myfitnesspal',
  ) => {
    const body = new FormData();
    body.set('file', new File([content], said['name'] ?? 'Nutrition-Summary.csv'));
    for (const [name, value] of Object.entries(said)) if (name !== 'name') body.set(name, value);
    return ask(path, { method: 'POST', body });
  };
  const place = (bytes: number, name = 'Nutrition-Summary.csv') =>
    ask('/api/v1/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'myfitnesspal', name, bytes }),
    });
  /** What the worker does: a file has to hold still between two looks. */
  const work = async () => {
    await takeInbox(runtime, runtime.inbox);
    return takeInbox(runtime, runtime.inbox);
  };
  const became = async (url: string) => (await ask(url)).json();
  const waiting = () => {
    const folder = join(dataDir, 'inbox', 'myfitnesspal', ana.user_id);
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  return { runtime, clock, api, ana, ben, ask, send, place, work, became, waiting };
}

describe('POST /api/v1/import/{provider}', () => {
  test('takes a file in, a worker imports it, and its address says what became of it', async () => {
    const { send, work, became, waiting, ana } = await openAna();
    const answer = await send(DIARY);
    expect(answer.status).toBe(202);
    const { url, upload_id } = started.parse(await answer.json());
    const about = { upload_id, user_id: ana.user_id, provider: 'myfitnesspal', name: 'Nutrition-Summary.csv' };
    expect(await became(url)).toMatchObject({ ...about, state: 'waiting', report: null, refusal: null });
    expect(await work()).toMatchObject({ imported: 1, objects: 1 });
    expect(await became(url)).toMatchObject({ ...about, state: 'imported', report: { objects: 1, duplicates: 0 } });
    expect(waiting()).toEqual([]);
  });

  test('keeps what was said about the file: its units here make pounds of a number that says none', async () => {
    const { runtime, send, work, became } = await openAna();
    const { url } = started.parse(
      await (await send(WEIGHT, { units: 'imperial', name: '../Measurement Summary.csv.part' })).json(),
    );
    expect(await work()).toMatchObject({ imported: 1 });
    expect(await became(url)).toMatchObject({ state: 'imported', name: 'Measurement-Summary.csv.part_' });
    const texts: string[] = [];
    for await (const { key } of runtime.objects.list('raw/')) {
      texts.push(Buffer.from((await runtime.objects.get(key)) ?? []).toString());
    }
    expect(texts.filter((text) => text.includes('"units":"lb"'))).toHaveLength(1);
  });

  test('a file that is refused is told with code and remedy, and is put aside', async () => {
    const { send, work, became, waiting } = await openAna();
    const { url } = started.parse(await (await send('Date,Meal\n')).json());
    expect(await work()).toMatchObject({ refused: 1 });
    const refusal = { code: 'missing_column', detail: expect.any(String), remedy: expect.any(String) };
    expect(await became(url)).toMatchObject({ state: 'refused', report: null, refusal });
    expect(waiting()).toEqual(['refused']);
  });

  test.each([
    ['another site’s page', { origin: 'https://evil.example' }, 403, 'other_origin'],
    ['a page without an origin', { origin: '' }, 403, 'other_origin'],
    ['nobody', { cookie: '' }, 401, 'not_signed_in'],
  ])('%s is refused', async (_, headers, status, code) => {
    const { ask, waiting } = await openAna();
    const body = new FormData();
    body.set('file', new File([DIARY], 'a.csv'));
    const answer = await ask('/api/v1/import/myfitnesspal', { method: 'POST', body, headers });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
    expect(waiting()).toEqual([]);
  });

  test('a person imports for themself alone, the owner by token for anybody', async () => {
    const { send, ana, ben, api, ask } = await openAna();
    expect((await send(DIARY, {}, `/api/v1/import/myfitnesspal?user_id=${ben.user_id}`)).status).toBe(403);
    const body = new FormData();
    body.set('file', new File([DIARY], 'a.csv'));
    const headers = { authorization: `Bearer ${OWNER_TOKEN}` };
    const path = `${ORIGIN}/api/v1/import/myfitnesspal?user_id=${ben.user_id}`;
    const answer = await api.request(path, { method: 'POST', body, headers });
    expect(answer.status).toBe(202);
    const { url } = started.parse(await answer.json());
    expect([(await ask(url)).status, (await api.request(url, { headers })).status]).toEqual([404, 200]);
    expect(ana.user_id).not.toBe(ben.user_id);
  });

  test.each([
    ['/api/v1/import/fitbot', 404, 'unknown_provider'],
    ['/api/v1/import/oura?user_id=nobody', 403, 'forbidden'],
  ])('%s is refused and nothing is noted', async (path, status, code) => {
    const { runtime, send } = await openAna();
    const answer = await send(DIARY, {}, path);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
    expect(await runtime.state.list('handed-in')).toEqual([]);
  });

  test('above 5 MB it says where to ask for an address, whether or not the length was announced', async () => {
    const { send, ask } = await openAna();
    const large = new Uint8Array(5_000_001);
    const refused = { code: 'too_large', remedy: expect.stringContaining('/api/v1/uploads') };
    expect(await (await send(large)).json()).toMatchObject({ ...refused, status: 413 });
    const chunk = new Uint8Array(1_000_000);
    let left = 7;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    };
    expect(await (await ask('/api/v1/import/myfitnesspal', init)).json()).toMatchObject({ ...refused, status: 413 });
  });
});

describe('POST /api/v1/uploads', () => {
  test('gives an address that takes the file once, without signing in', async () => {
    const { api, place, work, became } = await openAna();
    const { put_url, url } = address.parse(await (await place(DIARY.length)).json());
    expect((await api.request(put_url, put(DIARY))).status).toBe(204);
    expect((await api.request(put_url, put(DIARY))).status).toBe(404);
    expect(await work()).toMatchObject({ imported: 1 });
    expect(await became(url)).toMatchObject({ state: 'imported', report: { objects: 1 } });
  });

  test('an address that broke off may be used again, one that is an hour old may not', async () => {
    const { api, clock, place, waiting } = await openAna();
    const { put_url } = address.parse(await (await place(DIARY.length)).json());
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('cable')) });
    const broken: RequestInit & { duplex: 'half' } = { method: 'PUT', body, duplex: 'half' };
    expect((await api.request(put_url, broken)).status).toBe(500);
    expect(waiting()).toEqual([]);
    expect((await api.request(put_url, put(DIARY))).status).toBe(204);
    const late = address.parse(await (await place(DIARY.length)).json()).put_url;
    clock.advance(3_600_000);
    expect((await api.request(late, put(DIARY))).status).toBe(404);
  });

  test('a file this installation cannot hold is refused when it is announced, and cut when it was not', async () => {
    const { api, place, waiting } = await openAna({ importBytes: 1000 });
    const answer = await place(1001);
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'too_large_here' }]);
    const { put_url } = address.parse(await (await place(1000)).json());
    expect((await api.request(put_url, put('x'.repeat(1001)))).status).toBe(413);
    expect(waiting()).toEqual([]);
  });

  test('an address of somebody who is forgotten meanwhile leads nowhere', async () => {
    const { runtime, api, place, waiting } = await openAna();
    const { put_url, upload_id } = address.parse(await (await place(DIARY.length)).json());
    await runtime.state.delete('handed-in', upload_id);
    expect((await api.request(put_url, put(DIARY))).status).toBe(404);
    expect(waiting()).toEqual([]);
  });
});
