import { expect, test } from 'vitest';
import { addUser } from '../../app/people.ts';
import { sendDue } from '../../app/send-due.ts';
import { summarize } from '../../app/summarize.ts';
import { link } from '../../app/connections.ts';
import { baselineRow, dayRow, openPages } from '../support/pages.ts';

/** Zoë in Paris; it is Thursday 5 March 2026, 09:00 there. */
async function openMail(name = 'Zoë') {
  const pages = openPages();
  const user = await addUser(pages.runtime, { name });
  return { ...pages, user, id: user.user_id };
}

const YESTERDAY = '2026-03-04';

/** Twenty-eight days before yesterday were of this value each. */
const usual = (user: string, metric: string, value: number, direction: string | null = null) =>
  baselineRow(user, YESTERDAY, metric, [value, 0], { direction });

test('the text tells yesterday against the person’s own four weeks', async () => {
  const { runtime, tables, user, id } = await openMail();
  tables.published = {
    daily: [dayRow(id, YESTERDAY, 'steps', 9240), dayRow(id, YESTERDAY, 'sleep_total_s', 27_000)],
    baselines: [usual(id, 'steps', 8000, 'above'), usual(id, 'sleep_total_s', 27_000, 'usual')],
  };
  const message = await summarize(runtime, { user });
  expect(message).toMatchObject({ userId: id, day: YESTERDAY, kind: 'summary' });
  expect(message.subject).toBe('Wellspring: Wed 4 Mar - 9,240 steps, slept 7 h 30 min');
  expect(message.text).toContain('Good morning, Zoë.');
  expect(message.text).toContain('Wednesday 4 March 2026 (Europe/Paris), so far\n');
  expect(message.text).toContain('- You took 9,240 steps, more than usual (8,000).');
  expect(message.text).toContain('- You slept 7 h 30 min, about as usual (7 h 30 min).');
  expect(message.text.match(/9,240/g)).toHaveLength(1);
  expect(message.text).toContain('"So far": the day is not final yet');
});

test('where only some numbers are open, those are marked one by one', async () => {
  const { runtime, tables, user, id } = await openMail();
  const final = { final_at: '2026-03-05T00:00:00Z' };
  tables.published = {
    daily: [dayRow(id, YESTERDAY, 'steps', 9240, final), dayRow(id, YESTERDAY, 'weight_kg', 70)],
  };
  const { text } = await summarize(runtime, { user });
  expect(text).toContain('- You took 9,240 steps, not');
  expect(text).toContain('- You weighed 70.0 kg so far, not');
});

test('final numbers are not marked, and a value of zero is told as zero', async () => {
  const { runtime, tables, user, id } = await openMail();
  tables.published = { daily: [dayRow(id, YESTERDAY, 'floors_climbed', 0, { final_at: '2026-03-05T00:00:00Z' })] };
  const { text } = await summarize(runtime, { user });
  expect(text).toContain('- You climbed 0 floors, not enough days yet to say what is usual (0 of\n  14).');
  expect(text).not.toContain('so far');
});

test('when nothing new came it says so instead of repeating an older day', async () => {
  const { runtime, tables, user, id } = await openMail();
  tables.published = { daily: [dayRow(id, '2026-03-01', 'steps', 5123)] };
  const { subject, text } = await summarize(runtime, { user });
  expect(subject).toBe('Wellspring: Wed 4 Mar - nothing new came');
  expect(text).toContain('Nothing new came for Wednesday 4 March 2026 (Europe/Paris).');
  expect(text).toContain('The last day with data is Sunday 1 March 2026.');
  expect(text).not.toContain('5,123');
});

test('last night is told apart from the night that led into yesterday', async () => {
  const { runtime, tables, user, id } = await openMail();
  const daily = [dayRow(id, YESTERDAY, 'steps', 100), dayRow(id, '2026-03-05', 'sleep_total_s', 25_200)];
  tables.published = { daily };
  const { text, subject } = await summarize(runtime, { user });
  expect(text).toContain('The night to Thu 5 Mar:\n- You slept 7 h so far');
  expect(subject).not.toContain('slept');
});

const ready = (id: string, local_date: string, cells: object) => ({
  user_id: id,
  local_date,
  reason: null,
  readiness: null,
  ...cells,
});
const told = { readiness: 45, sleep_score: 75, hrv_score: 25, resting_heart_rate_score: 38, load_score: 63 };

test('readiness of the day that has begun is told with its parts, or why it cannot be', async () => {
  const { runtime, tables, user, id } = await openMail();
  const daily = [dayRow(id, YESTERDAY, 'steps', 100)];
  tables.published = { daily, readiness: [ready(id, '2026-03-05', told)] };
  expect((await summarize(runtime, { user })).text).toContain(
    'Readiness 45 of 100 (50 is a usual day): sleep 75, heart rate\nvariability 25, resting heart rate 38, load of the day before 63.\n',
  );
  const forgotten = ready(id, '2026-03-05', { reason: 'resting_heart_rate_missing' });
  tables.published = { daily, readiness: [ready(id, YESTERDAY, told), forgotten] };
  expect((await summarize(runtime, { user })).text).toContain(
    'Readiness cannot be told: resting heart rate has no value.\n',
  );
});

test('who is never told how ready they are is not told so every morning', async () => {
  const { runtime, tables, user, id } = await openMail();
  const never = ready(id, '2026-03-05', { reason: 'hrv_missing' });
  tables.published = { daily: [dayRow(id, YESTERDAY, 'steps', 100)], readiness: [never] };
  expect((await summarize(runtime, { user })).text).not.toContain('eadiness');
});

test('a mail of totals says nothing of readiness, nor of anomalies but those of amounts', async () => {
  const { runtime, tables, user, id } = await openMail();
  const anomaly = (metric: string, sentence: string) => {
    return { user_id: id, local_date: YESTERDAY, metric, severity: 'strong', sentence };
  };
  tables.published = {
    daily: [dayRow(id, YESTERDAY, 'steps', 100)],
    anomalies: [anomaly('steps', 'You took 100 steps, much less.'), anomaly('hrv_rmssd_ms', 'Your HRV was 20 ms.')],
    readiness: [ready(id, '2026-03-05', told)],
  };
  const { text } = await summarize({ ...runtime, mailDetail: 'totals' }, { user });
  expect(text).toContain('- You took 100 steps, much less.');
  expect(text).not.toMatch(/HRV|eadiness/);
});

test('an anomaly that may still change is marked where other numbers are final', async () => {
  const { runtime, tables, user, id } = await openMail();
  const sentence = 'You took 20,000 steps, far more than usual.';
  tables.published = {
    daily: [
      dayRow(id, YESTERDAY, 'steps', 20_000),
      dayRow(id, YESTERDAY, 'weight_kg', 70, { final_at: '2026-03-05T00:00:00Z' }),
    ],
    anomalies: [{ user_id: id, local_date: YESTERDAY, metric: 'steps', severity: 'extreme', sentence }],
  };
  const { text } = await summarize(runtime, { user });
  expect(text).toContain('- You took 20,000 steps, far more than usual, so far.');
});

test('each source says how far it reaches, with what to do when it is late', async () => {
  const { runtime, tables, user, id } = await openMail();
  const { connection } = await link(runtime, { provider: 'garmin', user, externalId: 'g-1' });
  tables.published = {
    daily: [dayRow(id, '2026-03-01', 'steps', 1)],
    queries: {
      last_deliveries: [{ account: connection.account, last_delivery: '2026-03-01T20:00:00Z' }],
      last_days: [{ account: connection.account, last_data_day: '2026-03-01' }],
    },
  };
  const { text } = await summarize(runtime, { user });
  expect(text).toContain('Garmin: last data Sun 1 Mar, 4 days ago');
});

test('subject and lines keep to plain mail, whatever the name', async () => {
  const { runtime, tables, user, id } = await openMail('Ἀριστοτέλης '.repeat(8).trim());
  tables.published = { daily: [dayRow(id, YESTERDAY, 'steps', 12)], baselines: [usual(id, 'steps', 8000, 'below')] };
  const { subject, text } = await summarize(runtime, { user });
  expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(72);
});

test('a text goes out once per person and day, from seven in the morning where they are', async () => {
  const { runtime, clock, tables, id } = await openMail();
  tables.published = { daily: [dayRow(id, YESTERDAY, 'steps', 1)] };
  // 05:59 UTC is 06:59 in Paris, before the clocks change.
  clock.set(Date.UTC(2026, 2, 6, 5, 59));
  expect(await sendDue(runtime)).toBe(0);
  clock.set(Date.UTC(2026, 2, 6, 6));
  expect(await sendDue(runtime)).toBe(1);
  expect(await sendDue(runtime)).toBe(0);
  clock.set(Date.UTC(2026, 2, 7, 6));
  expect(await sendDue(runtime)).toBe(1);
  expect((await runtime.mailbox?.list(id))?.map(({ day }) => day)).toEqual(['2026-03-06', '2026-03-05']);
});

test('a text that went out before a crash is not sent again', async () => {
  const { runtime, tables, user, id } = await openMail();
  tables.published = { daily: [dayRow(id, YESTERDAY, 'steps', 1)] };
  await runtime.notifier.deliver(await summarize(runtime, { user }));
  expect(await sendDue(runtime)).toBe(0);
});

test('somebody whose data never came gets no text', async () => {
  const { runtime } = await openMail();
  expect(await sendDue(runtime)).toBe(0);
});
