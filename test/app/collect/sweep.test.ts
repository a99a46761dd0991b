import { expect, test, vi } from 'vitest';
import { transformSmall } from '../../../app/small.ts';
import { repair } from '../../../app/sweep.ts';
import { PortError } from '../../../ports/errors.ts';
import { openPages } from '../../support/pages.ts';
import { answering, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

async function open() {
  const stand = openStand();
  const asked = answering('ring.example', () => [200, '{"data":[]}']);
  const connection = await stand.connect('ring');
  // The tables of these pages refuse every batch.
  const runtime = { ...openPages().runtime, ...stand.runtime };
  const notice = () =>
    stand.notice('ring', connection.account, { event_type: 'update', data_type: 'sleep', object_id: 'n' });
  return { ...stand, asked, runtime, notice };
}

test('a part that fails is named, and the others do their work', async () => {
  const { runtime, notice } = await open();
  await notice();
  const repaired = await repair(runtime);
  expect(repaired.problems.map(({ doing }) => doing)).toEqual([
    'the batch of the sweep',
    'the batch of what was fetched',
    'the end of what nobody claimed',
  ]);
  expect(repaired).toMatchObject({ notices: { finished: 1 }, daily: { busy: [] }, backfills: 0 });
  expect(repaired.subscriptions).toHaveLength(1);
});

test('storage that fails in one part leaves the rest of the round alone', async () => {
  const { runtime } = await open();
  const objects = {
    ...runtime.objects,
    list: () => {
      throw new Error('no disk');
    },
  };
  const { problems, daily } = await repair({ ...runtime, objects });
  expect(problems.map(({ doing }) => doing)).toEqual([
    'the batch of the sweep',
    'the fetching of what notices name',
    'the batch of what was fetched',
    'the end of what nobody claimed',
  ]);
  expect(daily?.streams).toMatchObject([{ outcome: 'stored' }]);
});

test('a round tells that the engine of the stack cannot hold what there is, and which key to change, until a run can', async () => {
  const { runtime } = await open();
  const told = async () => (await repair(runtime)).problems.filter(({ doing }) => doing === 'the engine of the stack');
  let isLarge = true;
  const small = {
    run: async () => {
      if (isLarge) throw new PortError('too_large_for_small', 'too much');
      return undefined;
    },
    compare: () => Promise.reject(new Error('not asked')),
  };
  const batch = () => transformSmall({ ...runtime, small });
  expect(await told()).toEqual([]);
  await expect(batch()).rejects.toMatchObject({ code: 'too_large_for_small' });
  for (const round of [1, 2]) {
    expect(await told(), `round ${round}`).toMatchObject([
      {
        error: {
          code: 'too_large_for_small',
          remedy: expect.stringContaining('Set the key `engine`: pulumi config set engine spark'),
        },
      },
    ]);
  }
  isLarge = false;
  await batch();
  expect(await told()).toEqual([]);
});

test('a round that is stopped asks for nothing more', async () => {
  const { runtime, asked, notice } = await open();
  await notice();
  const stop = new AbortController();
  stop.abort();
  await repair(runtime, { signal: stop.signal });
  expect(asked).toEqual([]);
  // The next one does it all.
  expect((await repair(runtime)).notices).toMatchObject({ finished: 1 });
});
