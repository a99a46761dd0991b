import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../app/api.ts';
import { link } from '../../app/connections.ts';
import { setGoal } from '../../app/goals.ts';
import { addUser } from '../../app/people.ts';
import { transform } from '../../app/transform.ts';
import { createWebhooks } from '../../app/webhooks.ts';
import { createDashboard } from '../../dashboard/pages.tsx';
import { openRuntime } from '../../local/runtime.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { temporaryDirectory } from '../support/directory.ts';

const OWNER_TOKEN = 'the-owner-token-of-this-test';
const answer = z.object({ items: z.array(z.record(z.string(), z.unknown())), next_cursor: z.string().nullable() });

/** Two pushes of whole days: 4 March 2026 with 9,240 steps and no floor climbed, 5 March with 100 steps. */
const dailies = [
  { day: '2026-03-04', start: Date.UTC(2026, 2, 3, 23) / 1000, steps: 9240, floors: 0 },
  { day: '2026-03-05', start: Date.UTC(2026, 2, 4, 23) / 1000, steps: 100, floors: 7 },
].map(({ day, start, steps, floors }) => ({
  userId: 'g-1',
  summaryId: `x-${day}`,
  calendarDate: day,
  startTimeInSeconds: start,
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 86_400,
  steps,
  floorsClimbed: floors,
}));

/** A machine after one push and one batch, over the real drivers. */
async function afterOneBatch() {
  const clock = createFixedClock(Date.UTC(2026, 2, 6, 8));
  const runtime = await openRuntime({
    dataDir: temporaryDirectory(),
    clock,
    ids: createSeededIds('answers'),
    ownerToken: OWNER_TOKEN,
    publicUrl: 'http://127.0.0.1:8787',
    zone: 'Europe/Paris',
  });
  onTestFinished(() => runtime.close());
  const user = await addUser(runtime, { name: 'Ana' });
  const { webhook_url } = await link(runtime, { provider: 'garmin', user, externalId: 'g-1' });
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000, since: 0 });
  const { pathname } = new URL(webhook_url ?? '');
  const pushed = await createWebhooks(runtime).request(pathname, { method: 'POST', body: JSON.stringify({ dailies }) });
  expect(pushed.status).toBe(200);
  await transform(runtime);
  const headers = { authorization: `Bearer ${OWNER_TOKEN}` };
  const [api, pages] = [createApi(runtime), createDashboard(runtime)];
  return {
    user,
    list: async (path: string) => {
      const response = await api.request(path, { headers });
      expect(response.status, path).toBe(200);
      return answer.parse(await response.json());
    },
    page: async (path: string) => (await pages.request(path, { headers })).text(),
  };
}

test('every list of the API reads what a real batch published, page by page', async () => {
  const { list, user } = await afterOneBatch();
  const names = [
    'daily',
    'observations',
    'sleep',
    'workouts',
    'meals',
    'scores',
    'batches',
    'quarantine',
    'freshness',
    'trends',
    'goals',
  ];
  for (const name of names) {
    const whole = await list(`/api/v1/${name}`);
    const items: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await list(`/api/v1/${name}?limit=1${next}`);
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(items, name).toEqual(whole.items);
    const later = await list(`/api/v1/${name}?from=2030-01-01`);
    expect(later.items, name).toEqual([]);
  }
  const day = await list(`/api/v1/observations?user_id=${user.user_id}&from=2026-03-04&to=2026-03-04`);
  expect(day.items.map(({ metric, value }) => [metric, value])).toEqual([
    ['floors_climbed', 0],
    ['steps', 9240],
  ]);
  expect((await list('/api/v1/observations?metric=steps')).items.map(({ value }) => value)).toEqual([9240, 100]);
  expect((await list('/api/v1/batches')).items).toHaveLength(1);
  const goals = await list('/api/v1/goals?metric=steps');
  expect(goals.items.map(({ value, met, streak }) => [value, met, streak])).toEqual([
    [9240, true, 1],
    [100, false, 0],
  ]);
});

test('the view of a provider holds its published days', async () => {
  const { list } = await afterOneBatch();
  const { items } = await list('/garmin/metrics?from=2026-03-04&to=2026-03-04');
  expect(items.map(({ metric, value }) => [metric, value])).toEqual([
    ['floors_climbed', 0],
    ['steps', 9240],
  ]);
});

test('the pages show the pushed number and the text it came from', async () => {
  const { page, user } = await afterOneBatch();
  expect(await page('http://127.0.0.1:8787/?day=2026-03-04')).toContain('9,240');
  const explained = await page(`http://127.0.0.1:8787/explain/${user.user_id}/2026-03-04/steps`);
  expect(explained).toContain('/dailies/0/steps');
  expect(explained).toContain('>9240</pre>');
});
