import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { startSession, type Viewer } from '../../../app/session.ts';
import { createApp } from '../../../local/app.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';
import { untilNoon } from '../crash/clock.ts';
import { copyOf } from '../crash/household.ts';
import { filesThatHold } from './canary.ts';
import { ANN, BEN, MAIL, NAME, at, furnish, type Home } from './home.ts';

const root = makeDirectory();
const full = join(root, 'full');
const shift = untilNoon();
const NOWHERE = 'http://127.0.0.1:9';
const SITE = 'https://well.example';
let home: Home;

beforeAll(async () => void (home = await at(full, shift, NOWHERE, furnish)));
afterAll(() => removeDirectory(root));

const fresh = (): string => copyOf(full, join(temporaryDirectory(), 'data'));

/** Asks the application as one viewer, from our own pages unless the headers say otherwise. */
async function asker(runtime: LocalRuntime, viewer: Viewer) {
  const app = createApp(runtime);
  const cookie = `__Host-wellspring=${await startSession(runtime, viewer)}`;
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(
      `${SITE}${path}`,
      {
        method,
        headers: { cookie, origin: SITE, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      {},
    );
}

/** Asks until the answer is another one than 404 or unfinished. */
async function until<T>(runtime: LocalRuntime, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await runtime.clock.sleep(10);
  }
  throw new Error('It never came.');
}

describe('DELETE /api/v1/users/{id}', () => {
  test('V4: forgets whoever is signed in and says their name; the receipt can be read without signing in', async () => {
    const directory = fresh();
    await at(directory, shift, NOWHERE, async (runtime) => {
      const ask = await asker(runtime, { role: 'person', userId: home.ann.user_id });
      const answer = await ask('DELETE', `/api/v1/users/${home.ann.user_id}`, { confirm: NAME });
      expect(answer.status).toBe(202);
      const { receipt_url } = z.object({ receipt_url: z.string() }).parse(await answer.json());
      expect((await ask('GET', '/api/v1/daily')).status).not.toBe(200);
      const shape = z.object({ receipt: z.object({ finished_at: z.string().nullable(), found: z.unknown() }) });
      const receipt = await until(runtime, async () => {
        const said = shape.parse(await (await createApp(runtime).request(receipt_url, {}, {})).json()).receipt;
        return said.finished_at === null ? undefined : said;
      });
      expect(receipt.found).toEqual({});
      expect((await createApp(runtime).request(`${SITE}/receipts/another`, {}, {})).status).toBe(404);
    });
    expect(filesThatHold(directory, [NAME, MAIL, ANN])).toEqual([]);
  });

  test.each([
    ['another name', 400, { confirm: 'Zephyrine' }, {}],
    ['no name', 400, {}, {}],
    ['a page of another site', 403, { confirm: NAME }, { origin: 'https://evil.example' }],
    ['no origin', 403, { confirm: NAME }, { origin: '' }],
    [
      'a form of another site',
      403,
      { confirm: NAME },
      { origin: 'https://evil.example', 'content-type': 'text/plain' },
    ],
  ])('V4: with %s nothing is deleted', async (_, status, body, headers) => {
    await at(full, shift, NOWHERE, async (runtime) => {
      const ask = await asker(runtime, { role: 'owner' });
      expect((await ask('DELETE', `/api/v1/users/${home.ann.user_id}`, body, headers)).status).toBe(status);
      expect(await runtime.state.list('forget')).toEqual([]);
    });
  });

  test('V4: nobody forgets somebody else, and no bearer token forgets anybody', async () => {
    await at(full, shift, NOWHERE, async (runtime) => {
      const ask = await asker(runtime, { role: 'person', userId: home.ben.user_id });
      const path = `/api/v1/users/${home.ann.user_id}`;
      expect((await ask('DELETE', path, { confirm: NAME })).status).toBe(403);
      const bearer = { authorization: `Bearer ${runtime.ownerToken}`, cookie: '' };
      expect((await ask('DELETE', path, { confirm: NAME }, bearer)).status).toBe(403);
      expect((await ask('DELETE', path, { confirm: NAME }, { cookie: '' })).status).toBe(401);
      expect(await runtime.state.list('forget')).toEqual([]);
    });
  });
});

describe('GET /api/v1/export', () => {
  test('builds the file, gives it to its person and the owner, to nobody else, and for a day', async () => {
    const directory = fresh();
    await at(directory, shift, NOWHERE, async (runtime) => {
      const ann = await asker(runtime, { role: 'person', userId: home.ann.user_id });
      const ben = await asker(runtime, { role: 'person', userId: home.ben.user_id });
      const owner = await asker(runtime, { role: 'owner' });
      const started = await ann('GET', '/api/v1/export');
      expect(started.status).toBe(202);
      const { url } = z.object({ url: z.string() }).parse(await started.json());
      const path = new URL(url).pathname;
      const file = await until(runtime, async () => {
        const answer = await ann('GET', path);
        return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : undefined;
      });
      const names = Object.keys(unzipSync(file));
      expect(names).toEqual(expect.arrayContaining(['README.txt', 'tables/daily_metrics.parquet', 'manifest.json']));
      expect(Buffer.concat(Object.values(unzipSync(file))).includes(BEN)).toBe(false);
      expect((await owner('GET', path)).status).toBe(200);
      expect((await ben('GET', path)).status).toBe(403);
      expect((await ben('GET', path.replace(home.ann.user_id, home.ben.user_id))).status).toBe(404);
      expect(
        (await ann('GET', '/api/v1/export', undefined, { authorization: `Bearer ${runtime.ownerToken}` })).status,
      ).toBe(403);
      expect(await runtime.exports?.dropOld()).toBe(0);
    });
    await at(directory, shift + 86_400_001, NOWHERE, async (runtime) => {
      expect(await runtime.exports?.dropOld()).toBeGreaterThan(0);
    });
  });
});

describe('wellspring forget', () => {
  test('asks for the name where nobody said --yes: without a terminal nothing is deleted', async () => {
    const ran = await runCommand(['--data-dir', full, 'forget', '--user', NAME]);
    expect([ran.code, ran.err.includes('--yes')]).toEqual([2, true]);
  });

  test('a dry run counts and deletes nothing', async () => {
    const directory = fresh();
    const ran = await runCommand(['--data-dir', directory, '--json', 'forget', '--user', NAME, '--dry-run']);
    expect(ran.code, ran.err).toBe(0);
    const { removed } = z.object({ removed: z.record(z.string(), z.number()) }).parse(JSON.parse(ran.out));
    expect(removed).toMatchObject({ uploads: 1, inbox: 2, exports: 1, letters: 1 });
    // Ours and the tables' own are counted apart.
    expect(Object.keys(removed)).toEqual(expect.arrayContaining(['state', 'records']));
    expect(existsSync(join(directory, 'exports', home.ann.user_id))).toBe(true);
  });

  test('with --yes it prints the receipt, and again it prints the same one', async () => {
    const directory = fresh();
    const words = ['--data-dir', directory, '--json', 'forget', '--yes', '--user'];
    const shape = z.object({
      receipt: z.object({ user_id: z.string(), finished_at: z.string(), found: z.record(z.string(), z.number()) }),
    });
    const first = await runCommand([...words, NAME]);
    expect(first.code, first.err).toBe(0);
    const { receipt } = shape.parse(JSON.parse(first.out));
    expect(receipt).toMatchObject({ user_id: home.ann.user_id, found: {} });
    const again = await runCommand([...words, home.ann.user_id]);
    expect(shape.parse(JSON.parse(again.out)).receipt).toEqual(receipt);
    const byName = await runCommand([...words, NAME]);
    expect([byName.code, byName.err.includes('unknown_user')]).toEqual([2, true]);
  });
});
