import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../../app/api.ts';
import { WellspringError } from '../../../app/errors.ts';
import { addUser } from '../../../app/people.ts';
import { startSession } from '../../../app/session.ts';
import { createDashboard } from '../../../dashboard/pages.tsx';
import { askExport, endExports, withdrawExport } from '../../../app/export/asked.ts';
import type { Exports } from '../../../ports/exports/exports.ts';
import { PortError } from '../../../ports/errors.ts';
import { ORIGIN, openPages } from '../../support/pages.ts';

/** Ana's browser, on a machine that builds exports as `keep` says and has none yet. */
async function openAna(keep: Exports['keep']) {
  const { runtime: pages, clock } = openPages();
  const exports: Exports = { keep, open: async () => undefined, remove: async () => {}, dropOld: async () => 0 };
  const runtime = { ...pages, exports };
  const ana = await addUser(runtime, { name: 'Ana' });
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId: ana.user_id })}`;
  const [api, site] = [createApi(runtime), createDashboard(runtime)];
  const get = async (path: string) => api.request(`${ORIGIN}${path}`, { headers: { cookie } });
  const begin = async () => {
    const started = await get('/api/v1/export');
    expect(started.status).toBe(202);
    return new URL(z.object({ url: z.string() }).parse(await started.json()).url).pathname;
  };
  const connections = async () => (await site.request(`${ORIGIN}/connections`, { headers: { cookie } })).text();
  return { runtime, clock, ana, get, begin, connections };
}

/** Lets go on what nobody waits for. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

const PATH = '/home/somebody/data/exports';
const noRoom = new WellspringError({ code: 'not_writable', message: `${PATH} could not be written.`, remedy: '--out' });
const tooLarge = new WellspringError({ code: 'too_much', message: 'Too much.', remedy: 'Copy it.', status: 413 });

test.each([
  [noRoom, 'not_writable', 'The export could not be built.', 'Ask for it again.'],
  [
    new PortError('query_failed', `broken ${PATH}`),
    'export_failed',
    'The export could not be built.',
    'Ask for it again.',
  ],
  [new RangeError(PATH), 'export_failed', 'The export could not be built.', 'Ask for it again.'],
  [tooLarge, 'too_much', 'Too much.', 'Copy it.'],
])('an export that fails (%s) says so at its address and on the page, and can be asked for again', async (...given) => {
  const [error, code, title, remedy] = given;
  const { begin, get, connections, clock } = await openAna(() => Promise.reject(error));
  const path = await begin();
  await settled();
  const answer = await get(path);
  const text = await answer.text();
  expect([answer.status, text]).toEqual([500, expect.not.stringContaining(PATH)]);
  expect(JSON.parse(text)).toMatchObject({ code, title, remedy: expect.stringContaining(remedy) });
  const page = await connections();
  for (const word of [code, title, remedy, 'Ask for it again</a>']) expect(page).toContain(word);
  expect(page).not.toContain(PATH);
  expect(await begin()).not.toBe(path);
  clock.advance(86_400_000);
  expect([(await get(path)).status, await connections()]).toEqual([404, expect.not.stringContaining('Export of')]);
});

test('while it is built its address says so, and nothing is wrong', async () => {
  const { begin, get, connections } = await openAna(() => new Promise(() => undefined));
  const answer = await get(await begin());
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_built' }]);
  expect(answer.headers.get('retry-after')).toBe('30');
  expect(await connections()).not.toContain('Export of');
});

test('one whose builder never came back, and one a server left when it ended, are said to be interrupted', async () => {
  const { runtime, ana, get, connections, clock } = await openAna(async () => undefined);
  const path = `/api/v1/export/${ana.user_id}/e_left`;
  await askExport(runtime, { userId: ana.user_id, id: 'e_left' });
  expect(await (await get(path)).json()).toMatchObject({ code: 'not_built' });
  // A function may take 15 minutes, and the event a few to reach it.
  clock.advance(20 * 60_000);
  expect(await (await get(path)).json()).toMatchObject({ code: 'export_interrupted' });
  await withdrawExport(runtime, { userId: ana.user_id, id: 'e_left' });
  await askExport(runtime, { userId: ana.user_id, id: 'e_left' });
  await endExports(runtime);
  const answer = await get(`/api/v1/export/${ana.user_id}/e_left`);
  expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'export_interrupted' }]);
  expect(await connections()).toContain('export_interrupted');
});

test('what fails after its person was forgotten leaves no record', async () => {
  const ends: ((error: Error) => void)[] = [];
  const { runtime, begin } = await openAna(() => new Promise((_, reject) => void ends.push(reject)));
  await begin();
  const [record] = await runtime.state.list('export');
  await runtime.state.delete('export', record?.id ?? '');
  ends[0]?.(new Error('gone'));
  await settled();
  expect(await runtime.state.list('export')).toEqual([]);
});

test('one that is built, and one nobody asked for, leave nothing behind', async () => {
  const { runtime, ana, begin, get } = await openAna(async () => undefined);
  await begin();
  await settled();
  expect(await runtime.state.list('export')).toEqual([]);
  const answer = await get(`/api/v1/export/${ana.user_id}/e_nobodys`);
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
});

test('one that is built takes back what the page said of those that failed before', async () => {
  let broken = true;
  const { runtime, begin, connections } = await openAna(async () => {
    if (broken) throw noRoom;
  });
  await begin();
  await settled();
  expect(await connections()).toContain('Export of');
  broken = false;
  await begin();
  await settled();
  expect([await runtime.state.list('export'), await connections()]).toEqual([
    [],
    expect.not.stringContaining('Export of'),
  ]);
});
