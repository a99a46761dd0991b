import { expect, test } from 'vitest';
import { addDays } from '../../app/days.ts';
import { addUser } from '../../app/people.ts';
import { sendDue } from '../../app/send-due.ts';
import { summarize } from '../../app/summarize.ts';
import { link } from '../../app/connections.ts';
import { dayRow, openPages } from '../support/pages.ts';

/** Zoë in Paris; it is Thursday 5 March 2026, 09:00 there. */
async function openMail(name = 'Zoë') {
  const pages = openPages();
  const user = await addUser(pages.runtime, { name });
  return { ...pages, user, id: user.user_id };
}

const YESTERDAY = '2026-03-04';

/** Twenty-eight days before yesterday, this value every day. */
const usual = (user: string, metric: string, value: number) =>
  Array.from({ length: 28 }, (_, n) => dayRow(user, addDays(YESTERDAY, -1 - n), metric, value));

test('the text tells yesterday against the person’s own four weeks', async () => {
  const { runtime, tables, user, id } = await openMail();
  const daily = [
    ...usual(id, 'steps', 8000),
    dayRow(id, YESTERDAY, 'steps', 9240),
    ...usual(id, 'sleep_total_s', 27_000),
    dayRow(id, YESTERDAY, 'sleep_total_s', 27_000),
  ];
  tables.published = { daily };
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
  tables.published = { daily: [...usual(id, 'steps', 8000), dayRow(id, YESTERDAY, 'steps', 12)] };
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
