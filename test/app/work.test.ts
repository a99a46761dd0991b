import { expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../app/api.ts';
import { buildExport } from '../../app/export/asked.ts';
import { begin } from '../../app/forget/begin.ts';
import { addUser } from '../../app/people.ts';
import { startSession } from '../../app/session.ts';
import { createBusHand, doWork } from '../../app/work.ts';
import type { Bus, WellspringEvent } from '../../ports/bus/bus.ts';
import type { Exports } from '../../ports/exports/exports.ts';
import { ORIGIN, openPages } from '../support/pages.ts';

/** Ana's browser on an installation that hands work to a bus, which takes events as `accepts` says. */
async function openAna(accepts: () => boolean = () => true) {
  const { runtime: pages, clock } = openPages();
  const events: WellspringEvent[] = [];
  const bus: Bus = {
    publish: async (all) =>
      all.map((one) =>
        accepts() ? (events.push(one), { ok: true as const }) : { ok: false, reason: 'ThrottlingException' },
      ),
  };
  const built: string[] = [];
  const removed: string[] = [];
  const exports: Exports = {
    keep: async (userId, id) => void built.push(`${userId}/${id}`),
    open: async () => undefined,
    remove: async (userId, id) => void removed.push(`${userId}/${id}`),
    dropOld: async () => 0,
  };
  const runtime = { ...pages, exports, hand: createBusHand(bus) };
  const ana = await addUser(runtime, { name: 'Ana' });
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId: ana.user_id })}`;
  const api = createApi(runtime);
  const ask = (method: string, path: string, body?: unknown) =>
    api.request(`${ORIGIN}${path}`, {
      method,
      headers: { cookie, origin: ORIGIN, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const asked = () => events.flatMap((one) => (one.detailType === 'Work Asked' ? [one.detail.work] : []));
  return { runtime, clock, ana, ask, asked, built, removed };
}

const exportId = async (answer: Response) => z.object({ export_id: z.string() }).parse(await answer.json()).export_id;

test('an export is handed over by an event of ids alone, and built once by whoever takes it, however often it comes', async () => {
  const { runtime, ana, ask, asked, built } = await openAna();
  const id = await exportId(await ask('GET', '/api/v1/export'));
  expect(asked()).toEqual([{ kind: 'export', user_id: ana.user_id, export_id: id }]);
  expect(built).toEqual([]);
  const [work] = asked();
  if (work === undefined) throw new Error('nothing was asked');
  for (let times = 0; times < 3; times += 1) await doWork(runtime, work);
  expect(built).toEqual([`${ana.user_id}/${id}`]);
});

test('a bus that takes nothing is answered with 503 before anything is promised, and leaves no note', async () => {
  const { runtime, ask } = await openAna(() => false);
  const answer = await ask('GET', '/api/v1/export');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
  expect(await answer.json()).toMatchObject({ code: 'work_not_accepted', remedy: expect.stringContaining('again') });
  expect(await runtime.state.list('export')).toEqual([]);
});

test('forgetting is promised by its tombstone: a bus that takes nothing keeps nobody from being forgotten', async () => {
  const { runtime, ana, ask } = await openAna(() => false);
  const answer = await ask('DELETE', `/api/v1/users/${ana.user_id}`, { confirm: 'Ana' });
  expect(answer.status).toBe(202);
  expect(await runtime.state.get('forget', ana.user_id)).toMatchObject({ value: { phase: 'counting' } });
  expect(await runtime.state.list('user')).toEqual([]);
});

test('an export that is finished after its person was forgotten is removed again', async () => {
  const { runtime, ana, ask, built, removed } = await openAna();
  const id = await exportId(await ask('GET', '/api/v1/export'));
  const exports: Exports = {
    ...runtime.exports,
    keep: async (userId, one, build) => {
      await begin(runtime, userId, null);
      await runtime.exports.keep(userId, one, build);
    },
  };
  await buildExport({ ...runtime, exports }, { userId: ana.user_id, id });
  expect([built, removed]).toEqual([[`${ana.user_id}/${id}`], [`${ana.user_id}/${id}`]]);
});

test('what was disconnected since it was asked for is done with', async () => {
  const { runtime, ana } = await openAna();
  const work = { kind: 'collect', provider: 'oura', user_id: ana.user_id } as const;
  await expect(doWork(runtime, work)).resolves.toBeUndefined();
});

test('a built export with an address of its own is answered with it', async () => {
  const { runtime, ana, ask } = await openAna();
  Object.assign(runtime.exports, {
    link: async (user: string, id: string) => `https://bucket.example/${user}/${id}?signed`,
  });
  const answer = await ask('GET', `/api/v1/export/${ana.user_id}/e_some`);
  expect([answer.status, answer.headers.get('location')]).toEqual([
    302,
    `https://bucket.example/${ana.user_id}/e_some?signed`,
  ]);
});
