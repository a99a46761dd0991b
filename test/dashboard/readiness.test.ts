import { expect, test } from 'vitest';
import { addUser } from '../../app/people.ts';
import { startSession } from '../../app/session.ts';
import { createDashboard } from '../../dashboard/pages.tsx';
import { ORIGIN, type Published, baselineRow, dayRow, openPages } from '../support/pages.ts';

const YESTERDAY = '2026-03-04';

/** The pages of Ana, read by the owner. */
async function openToday(rows: (user: string) => Published) {
  const { runtime, tables } = openPages();
  const { user_id: id } = await addUser(runtime, { name: 'Ana' });
  tables.published = rows(id);
  const cookie = `wellspring=${await startSession(runtime, { role: 'owner' })}`;
  const app = createDashboard(runtime);
  const text = async (path: string) => (await app.request(`${ORIGIN}${path}`, { headers: { cookie } })).text();
  return { text, id };
}

test('Today says readiness with its parts, and what is far from the own normal before what changed', async () => {
  const ready = { user_id: '', local_date: YESTERDAY, reason: null, readiness: 45 };
  const parts = { sleep_score: 75, hrv_score: 25, resting_heart_rate_score: 38, load_score: 63 };
  const sentence = 'You took 20,000 steps, far more than usual (7,991 to 9,009 steps).';
  const { text, id } = await openToday((user) => ({
    daily: [dayRow(user, YESTERDAY, 'steps', 20_000), dayRow(user, YESTERDAY, 'weight_kg', 72)],
    baselines: [
      baselineRow(user, YESTERDAY, 'steps', [8500, 509], { direction: 'above', z: 22.6 }),
      baselineRow(user, YESTERDAY, 'weight_kg', [70, 1], { direction: 'above', z: 2 }),
    ],
    anomalies: [{ user_id: user, local_date: YESTERDAY, metric: 'steps', severity: 'extreme', sentence }],
    readiness: [{ ...ready, ...parts, user_id: user }],
  }));
  const page = await text('/');
  expect(page).toContain('<span class="number">45</span> of 100');
  expect(page).toContain('<dt>heart rate variability</dt><dd>25</dd>');
  const changed = /<ul class="changed">(.*?)<\/ul>/.exec(page)?.[1] ?? '';
  expect(changed.indexOf(sentence)).toBeGreaterThan(0);
  expect(changed).toContain(`href="/explain/${id}/${YESTERDAY}/steps"`);
  expect(changed.indexOf('Weight')).toBeGreaterThan(changed.indexOf(sentence));
  expect(changed.match(/20,000/g)).toHaveLength(2); // the sentence, and the name of its link
});

test('readiness that cannot be told says why, with the parts that can', async () => {
  const { text } = await openToday((user) => ({
    daily: [dayRow(user, YESTERDAY, 'steps', 20_000)],
    readiness: [
      {
        user_id: user,
        local_date: YESTERDAY,
        reason: 'hrv_young,resting_heart_rate_missing',
        readiness: null,
        sleep_score: 75,
        load_score: 63,
      },
    ],
  }));
  const page = await text('/');
  expect(page).toContain(
    'Readiness cannot be told: heart rate variability has fewer than 14 days to compare with; resting heart rate has no value.',
  );
  expect(page).toContain('<dt>sleep</dt><dd>75</dd>');
  expect(page).not.toContain('<dt>resting heart rate</dt>');
});
