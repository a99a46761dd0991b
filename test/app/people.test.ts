import { describe, expect, test } from 'vitest';
import { addUser, findUser, listUsers, setUser } from '../../app/people.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { RECEIVED_AT } from '../support/door.ts';
import { openDesk } from '../support/desk.ts';

const DAY_MS = 86_400_000;

describe('a new person', () => {
  test('is a raw object of their own account before anything else knows them', async () => {
    const { runtime, raw, events } = openDesk();
    const user = await addUser(runtime, {
      name: 'Anna',
      zone: 'Europe/Paris',
      units: 'metric',
      email: 'a@example.org',
    });
    expect(user.user_id).toMatch(/^u_[a-z2-7]{12}$/);
    const [fact] = await raw();
    expect(fact?.attributes).toMatchObject({
      type: 'wellspring.user',
      receiver: 'self',
      subject: accountOf('wellspring', `user:${user.user_id}`),
    });
    expect(fact?.data).toEqual({
      effective_at: RECEIVED_AT,
      sequence: 1,
      user_id: user.user_id,
      name: 'Anna',
      zone: 'Europe/Paris',
      zone_since: null,
      units: 'metric',
      email: 'a@example.org',
      priority: {},
    });
    expect(events.map((event) => event.detailType)).toEqual(['Raw Object Stored']);
  });

  test('is not known at all when the fact could not be stored', async () => {
    const { runtime } = openDesk();
    const objects = { ...runtime.objects, putIfAbsent: () => Promise.reject(new Error('ENOSPC')) };
    const adding = addUser({ ...runtime, objects }, { name: 'Anna' });
    await expect(adding).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await listUsers(runtime)).toEqual([]);
  });

  test('lives where the machine does, and has no units, until somebody says', async () => {
    const { runtime } = openDesk();
    expect(await addUser(runtime, { name: 'Anna' })).toMatchObject({ zone: 'Europe/Paris', units: null });
  });

  test.each(['Mars/Olympus', '+02:00', '', 'GMT+2'])('in the zone "%s" is refused', async (zone) => {
    const { runtime, keys } = openDesk();
    await expect(addUser(runtime, { name: 'Anna', zone })).rejects.toMatchObject({ code: 'unknown_zone', exit: 2 });
    expect(await keys()).toEqual([]);
  });

  test.each([
    ['europe/paris', 'Europe/Paris'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['UTC', 'UTC'],
  ])('keeps the zone %s by its own name %s', async (given, zone) => {
    expect(await addUser(openDesk().runtime, { name: 'Anna', zone: given })).toMatchObject({ zone });
  });

  test.each(['', '  ', 'a\nb', 'u_mz3k7q2v5cbx', 'x'.repeat(101)])('called %j is refused', async (name) => {
    await expect(addUser(openDesk().runtime, { name })).rejects.toMatchObject({ code: 'bad_name', exit: 2 });
  });

  test('with a mail address that is none is refused', async () => {
    const adding = addUser(openDesk().runtime, { name: 'Anna', email: 'anna' });
    await expect(adding).rejects.toMatchObject({ code: 'bad_email', exit: 2 });
  });
});

describe('finding a person', () => {
  test('works by id and by name', async () => {
    const { runtime } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    await addUser(runtime, { name: 'Ben' });
    expect(await findUser(runtime, anna.user_id)).toEqual(anna);
    expect(await findUser(runtime, ' Anna ')).toEqual(anna);
  });

  test('by a name two people have is refused, naming both ids', async () => {
    const { runtime } = openDesk();
    const [one, two] = [await addUser(runtime, { name: 'Anna' }), await addUser(runtime, { name: 'Anna' })];
    const finding = findUser(runtime, 'Anna');
    await expect(finding).rejects.toMatchObject({ code: 'ambiguous_user', exit: 2 });
    await expect(finding).rejects.toMatchObject({ detail: expect.stringContaining(one.user_id) });
    await expect(finding).rejects.toMatchObject({ detail: expect.stringContaining(two.user_id) });
  });

  test('nobody is refused', async () => {
    await expect(findUser(openDesk().runtime, 'Anna')).rejects.toMatchObject({ code: 'unknown_user', exit: 2 });
  });
});

describe('a change', () => {
  test('is a fact with everything known of the person, in order', async () => {
    const { runtime, facts, clock } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    clock.advance(DAY_MS);
    await setUser(runtime, anna, { units: 'imperial', priority: { steps: ['garmin', 'apple'] } });
    expect((await facts()).at(-1)).toMatchObject({
      sequence: 2,
      effective_at: RECEIVED_AT + DAY_MS,
      name: 'Anna',
      zone: 'Europe/Paris',
      zone_since: null,
      units: 'imperial',
      priority: { steps: ['garmin', 'apple'] },
    });
    expect(await findUser(runtime, 'Anna')).toMatchObject({ units: 'imperial' });
  });

  test('of the zone holds from the moment they moved', async () => {
    const { runtime, facts } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    const since = RECEIVED_AT - 3 * DAY_MS;
    await setUser(runtime, anna, { zone: 'America/New_York', since });
    expect((await facts()).at(-1)).toMatchObject({
      zone: 'America/New_York',
      zone_since: since,
      effective_at: RECEIVED_AT,
    });
  });

  test('of the zone holds from now when nobody says since when, and later changes keep that', async () => {
    const { runtime, facts, clock } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    await setUser(runtime, anna, { zone: 'America/New_York' });
    clock.advance(DAY_MS);
    await setUser(runtime, anna, { name: 'Anne' });
    expect((await facts()).at(-1)).toMatchObject({ name: 'Anne', zone_since: RECEIVED_AT });
  });

  test('that says what is known already writes nothing', async () => {
    const { runtime, facts } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna', units: 'metric' });
    expect(await setUser(runtime, anna, { units: 'metric', zone: 'Europe/Paris', name: 'Anna' })).toEqual(anna);
    expect(await facts()).toHaveLength(1);
  });

  test('of one order of sources leaves the others, and an empty one clears its own', async () => {
    const { runtime } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    await setUser(runtime, anna, { priority: { steps: ['garmin'], weight_kg: ['apple'] } });
    expect(await setUser(runtime, anna, { priority: { steps: [] } })).toMatchObject({
      priority: { weight_kg: ['apple'] },
    });
    expect((await setUser(runtime, anna, { priority: { weight_kg: [] } })).priority).toBeUndefined();
  });

  test('can take the mail address away', async () => {
    const { runtime } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna', email: 'a@example.org' });
    expect((await setUser(runtime, anna, { email: null })).email).toBeUndefined();
  });

  test('made by several at the same time loses none of them', async () => {
    const { runtime, facts } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    await Promise.all([
      setUser(runtime, anna, { units: 'imperial' }),
      setUser(runtime, anna, { email: 'a@example.org' }),
      setUser(runtime, anna, { priority: { steps: ['apple'] } }),
    ]);
    const expected = { units: 'imperial', email: 'a@example.org', priority: { steps: ['apple'] } };
    expect(await findUser(runtime, 'Anna')).toMatchObject(expected);
    expect((await facts()).at(-1)).toMatchObject({ sequence: 4, ...expected });
  });

  test.each([
    [{ since: 1 }, 'since_without_zone'],
    [{ priority: { steps: ['Garmin!'] } }, 'bad_priority'],
    [{ priority: { steps: ['apple', 'apple'] } }, 'bad_priority'],
    [{ priority: { steps: ['nobody'] } }, 'bad_priority'],
    [{ priority: { stepz: ['apple'] } }, 'bad_priority'],
    [{ zone: 'Nowhere' }, 'unknown_zone'],
  ])('%j is refused', async (changes, code) => {
    const { runtime } = openDesk();
    const anna = await addUser(runtime, { name: 'Anna' });
    await expect(setUser(runtime, anna, changes)).rejects.toMatchObject({ code, exit: 2 });
  });
});

test('everybody is listed in order of name', async () => {
  const { runtime } = openDesk();
  for (const name of ['Zoé', 'anna', 'Émile', 'Ben']) await addUser(runtime, { name });
  expect((await listUsers(runtime)).map((user) => user.name)).toEqual(['anna', 'Ben', 'Émile', 'Zoé']);
});
