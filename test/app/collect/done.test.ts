import { expect, test, vi } from 'vitest';
import { collectNotices } from '../../../app/collect/notices.ts';
import { collectOverdue } from '../../../app/collect/overdue.ts';
import { type Answer, answering, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const HOUR_MS = 3_600_000;
const page = (...ids: string[]) => JSON.stringify({ data: ids.map((id) => ({ id, day: '2026-11-19' })) });

async function ringOf(answer: Answer) {
  const stand = openStand();
  const asked = answering('ring.example', answer);
  const { account, user_id } = await stand.connect('ring', { scopes: [] });
  const notice = (event_type: string, object_id: string) =>
    stand.notice('ring', account, { event_type, data_type: 'sleep', object_id });
  /** The facts that say that notices are done. */
  const done = async () =>
    (await stand.raw()).filter(({ attributes }) => attributes['type'] === 'wellspring.fetched').map(({ data }) => data);
  const says = (effective_at: number) => expect.objectContaining({ user_id, account, effective_at });
  return { ...stand, asked, notice, done, says };
}

test('what brought something new says by itself that its notice is done', async () => {
  const { notice, look, done } = await ringOf(() => [200, page('n-1')]);
  await notice('create', 'n-1');
  expect(await look()).toMatchObject({ finished: 1 });
  expect(await done()).toEqual([]);
});

test('of a notice whose fetch brought what was there a fact says that it is done, as of when it came', async () => {
  const { notice, look, done, says, clock } = await ringOf(() => [200, page('n-1')]);
  await notice('create', 'n-1');
  await look();
  clock.advance(HOUR_MS);
  const cameAt = clock.now();
  await notice('update', 'n-1');
  clock.advance(60_000);
  expect(await look()).toMatchObject({ finished: 1 });
  expect(await done()).toEqual([says(cameAt)]);
  // Said once.
  await look();
  expect(await done()).toHaveLength(1);
});

test('a deletion, which asks for nothing, is said to be done', async () => {
  const { notice, look, done, says, clock } = await ringOf(() => [200, page()]);
  const cameAt = clock.now();
  await notice('delete', 'n-1');
  await look();
  expect(await done()).toEqual([says(cameAt)]);
});

test('nothing is said while days of the connection are still to be fetched; it is once they brought nothing new', async () => {
  let well = true;
  const { notice, look, done, says, clock, runtime } = await ringOf(() => [well ? 200 : 500, well ? page('n-1') : '']);
  await notice('create', 'n-1');
  await look();
  well = false;
  clock.advance(HOUR_MS);
  await notice('update', 'n-1');
  expect(await look()).toMatchObject({ left: 1 });
  clock.advance(1000);
  const lastAt = clock.now();
  await notice('delete', 'n-0');
  // The deletion is done, the update waits.
  expect(await look()).toMatchObject({ finished: 1, left: 1 });
  expect(await done()).toEqual([]);
  well = true;
  clock.advance(HOUR_MS);
  await collectOverdue(runtime);
  await collectNotices(runtime);
  expect(await done()).toEqual([says(lastAt)]);
});

test('nothing is said while one of them waits for a thing that cannot be found yet', async () => {
  let well = false;
  const { notice, look, done, clock } = await ringOf(({ path }) => {
    if (!path.startsWith('/sleep/')) return [200, page('n-1')];
    return well ? [404, '{}'] : [500, ''];
  });
  await notice('create', 'n-1');
  await look();
  clock.advance(HOUR_MS);
  await notice('update', 'old');
  await notice('delete', 'n-0');
  expect(await look()).toMatchObject({ finished: 1, left: 1 });
  expect(await done()).toEqual([]);
  well = true;
  expect(await look()).toMatchObject({ finished: 1, left: 0 });
  expect(await done()).toHaveLength(1);
});

test('nothing is said while an older notice waits for its thing, also when a newer one comes alone', async () => {
  let well = false;
  const { notice, look, done, says, clock, runtime } = await ringOf(({ path }) => {
    if (path.includes('/n-7')) return [well ? 200 : 500, well ? JSON.stringify({ id: 'n-7', day: '2026-11-19' }) : ''];
    return [200, page('n-1')];
  });
  await notice('create', 'n-1');
  await look();
  clock.advance(HOUR_MS);
  await notice('update', 'n-7');
  expect(await look()).toMatchObject({ finished: 0, left: 1 });
  clock.advance(HOUR_MS);
  const cameAt = clock.now();
  const key = await notice('update', 'n-1');
  expect(await collectNotices(runtime, { keys: [key] })).toMatchObject({ finished: 1 });
  expect(await done()).toEqual([]);
  well = true;
  expect(await look()).toMatchObject({ finished: 1, left: 0 });
  expect(await done()).toEqual([says(cameAt)]);
});
