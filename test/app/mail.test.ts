import { expect, test } from 'vitest';
import { mail } from '../../app/doctor/mail.ts';
import { addUser, setUser } from '../../app/people.ts';
import { afterBatch } from '../../app/readings/published.ts';
import { sendDue } from '../../app/send-due.ts';
import { summarize } from '../../app/summarize.ts';
import type { Addresses } from '../../ports/notifier/addresses.ts';
import { openDesk } from '../support/desk.ts';
import { dayRow, openPages } from '../support/pages.ts';

/** Thursday 5 March 2026, 09:00 in Paris. */
const YESTERDAY = '2026-03-04';
/** What its event says of a batch that changed nobody. */
const BATCH = { users: [], days: 0 };

/** Addresses as they were set, in order; the next one is refused when told so. */
function openAddresses(states: Readonly<Record<string, 'confirmed' | 'pending' | 'gone'>> = {}) {
  const told: (readonly [string, string | null])[] = [];
  let isDown = false;
  const addresses: Addresses = {
    async set(userId, email) {
      if (isDown) throw new Error('made-up refusal of anna@example.org');
      told.push([userId, email]);
    },
    list: async () => Object.entries(states).map(([userId, state]) => ({ userId, state })),
    settle: async () => 0,
  };
  return { addresses, told, setDown: (now: boolean) => void (isDown = now) };
}

test('of a schedule and a batch at the same time one sends, and each person gets one text', async () => {
  const { runtime, tables } = openPages();
  const users = [await addUser(runtime, { name: 'Anna' }), await addUser(runtime, { name: 'Ben' })];
  tables.published = { daily: users.map(({ user_id: id }) => dayRow(id, YESTERDAY, 'steps', 1)) };
  const sent = await Promise.all([
    sendDue(runtime),
    afterBatch(runtime, BATCH),
    sendDue(runtime),
    afterBatch(runtime, BATCH),
  ]);
  const numbers = sent.map((one) => (typeof one === 'number' ? one : one.sent));
  expect(numbers.reduce((sum, one) => sum + one, 0)).toBe(2);
  const letters = (await runtime.mailbox?.list()) ?? [];
  expect(letters).toHaveLength(2);
  expect(new Set(letters.map(({ userId, day }) => `${userId} ${day}`))).toEqual(
    new Set(users.map(({ user_id: id }) => `${id} ${YESTERDAY}`)),
  );
});

test('before seven a batch sends nothing; a batch after it sends to whoever got nothing at seven', async () => {
  const { runtime, tables, clock } = openPages();
  const { user_id: id } = await addUser(runtime, { name: 'Anna', zone: 'America/New_York' });
  tables.published = { daily: [dayRow(id, YESTERDAY, 'steps', 1)] };
  // 11:59 UTC is 06:59 in New York.
  clock.set(Date.UTC(2026, 2, 5, 11, 59));
  expect(await afterBatch(runtime, BATCH)).toMatchObject({ sent: 0 });
  clock.set(Date.UTC(2026, 2, 5, 12));
  expect(await afterBatch(runtime, BATCH)).toMatchObject({ sent: 1 });
  expect(await afterBatch(runtime, BATCH)).toMatchObject({ sent: 0 });
});

test('one text that cannot be sent does not keep the others back, and is tried again', async () => {
  const { runtime, tables } = openPages();
  const users = [await addUser(runtime, { name: 'Anna' }), await addUser(runtime, { name: 'Ben' })];
  tables.published = { daily: users.map(({ user_id: id }) => dayRow(id, YESTERDAY, 'steps', 1)) };
  const [anna] = users;
  let isDown = true;
  const notifier: typeof runtime.notifier = {
    deliver: async (message) => {
      if (isDown && message.userId === anna?.user_id) throw new Error('throttled');
      return runtime.notifier.deliver(message);
    },
  };
  await expect(sendDue({ ...runtime, notifier })).rejects.toThrow('throttled');
  expect((await runtime.mailbox?.list())?.map(({ userId }) => userId)).toEqual([users[1]?.user_id]);
  isDown = false;
  expect(await sendDue({ ...runtime, notifier })).toBe(1);
});

test('totals tell steps and energy, and nothing of heart, weight and night, also not in the subject', async () => {
  const { runtime, tables } = openPages();
  const user = await addUser(runtime, { name: 'Anna' });
  const values = {
    steps: 9240,
    energy_active_kcal: 512,
    sleep_total_s: 27_000,
    resting_heart_rate_bpm: 53,
    weight_kg: 71.5,
  };
  const daily = Object.entries(values).map(([metric, value]) => dayRow(user.user_id, YESTERDAY, metric, value));
  tables.published = { daily: [...daily, dayRow(user.user_id, '2026-03-05', 'sleep_total_s', 25_200)] };
  const full = await summarize(runtime, { user });
  const totals = await summarize({ ...runtime, mailDetail: 'totals' }, { user });
  for (const secret of ['7 h 30 min', '53', '71.5', '7 h so far']) {
    expect(full.text).toContain(secret);
    expect(`${totals.subject}\n${totals.text}`).not.toContain(secret);
  }
  for (const total of ['9,240', '512']) expect(totals.text).toContain(total);
  expect(totals.subject).toBe('Wellspring: Wed 4 Mar - 9,240 steps');
  expect(totals.text).toContain('This mail tells totals of the day alone; your pages tell the rest.');
});

test('a day without totals is not told as a day without news', async () => {
  const { runtime, tables } = openPages();
  const user = await addUser(runtime, { name: 'Anna' });
  tables.published = { daily: [dayRow(user.user_id, YESTERDAY, 'weight_kg', 71.5)] };
  const { subject, text } = await summarize({ ...runtime, mailDetail: 'totals' }, { user });
  expect(subject).toBe('Wellspring: Wed 4 Mar - your day');
  expect(text).not.toContain('Nothing new');
  expect(text).toContain('your pages tell the rest');
});

test('an address is subscribed when it is given, changed or given again, and nothing else touches it', async () => {
  const { runtime } = openDesk();
  const { addresses, told } = openAddresses();
  const posted = { ...runtime, addresses };
  const ben = await addUser(posted, { name: 'Ben' });
  const anna = await addUser(posted, { name: 'Anna', email: 'anna@example.org' });
  await setUser(posted, anna, { name: 'Anna B.' });
  await setUser(posted, anna, { email: 'anna@example.org' });
  await setUser(posted, anna, { email: 'b@example.org' });
  await setUser(posted, anna, { email: null });
  await setUser(posted, ben, { zone: 'Asia/Tokyo' });
  expect(told).toEqual(
    ['anna@example.org', 'anna@example.org', 'b@example.org', null].map((email) => [anna.user_id, email]),
  );
});

test('an address that cannot be subscribed is told with what to do, and saying it again does it', async () => {
  const { runtime } = openDesk();
  const { addresses, told, setDown } = openAddresses();
  const posted = { ...runtime, addresses };
  const anna = await addUser(posted, { name: 'Anna' });
  setDown(true);
  const refused = setUser(posted, anna, { email: 'anna@example.org' });
  await expect(refused).rejects.toMatchObject({
    code: 'address_not_taken',
    remedy: expect.stringContaining(anna.user_id),
  });
  setDown(false);
  expect(await setUser(posted, anna, { email: 'anna@example.org' })).toMatchObject({ email: 'anna@example.org' });
  expect(told).toEqual([[anna.user_id, 'anna@example.org']]);
});

test('where texts leave for addresses, nothing is sent about somebody who gave none', async () => {
  const { runtime, tables } = openPages();
  const { addresses } = openAddresses();
  const posted = { ...runtime, addresses };
  const [anna, ben] = [
    await addUser(posted, { name: 'Anna' }),
    await addUser(posted, { name: 'Ben', email: 'ben@example.org' }),
  ];
  tables.published = { daily: [anna, ben].map(({ user_id: id }) => dayRow(id, YESTERDAY, 'steps', 1)) };
  expect(await sendDue(posted)).toBe(1);
  expect((await runtime.mailbox?.list())?.map(({ userId }) => userId)).toEqual([ben.user_id]);
});

test('the doctor tells who has not confirmed an address, with what to do', async () => {
  const { runtime } = openDesk();
  const [anna, ben, cleo] = [
    await addUser(runtime, { name: 'Anna' }),
    await addUser(runtime, { name: 'Ben' }),
    await addUser(runtime, { name: 'Cleo' }),
  ];
  const { addresses } = openAddresses({
    [anna.user_id]: 'confirmed',
    [ben.user_id]: 'pending',
    [cleo.user_id]: 'gone',
  });
  const found = await mail.run({ ...runtime, addresses });
  expect(found.map(({ ok }) => ok)).toEqual([true, false, false]);
  expect(found[1]).toMatchObject({
    detail: 'The address of Ben waits to be confirmed.',
    remedy: expect.stringContaining('wellspring user set Ben --email'),
  });
  expect(found[2]?.remedy).toContain('wellspring user set Cleo --email');
  expect(await mail.run(runtime)).toEqual([]);
});
