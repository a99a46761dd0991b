import { expect, test } from 'vitest';
import { endSession, maySee, readSession, startSession } from '../../app/session.ts';
import { openPages } from '../support/pages.ts';

const owner = { role: 'owner' } as const;

test('a session is found by its secret, and the store never holds the secret', async () => {
  const { runtime } = openPages();
  const secret = await startSession(runtime, owner);
  expect(await readSession(runtime, secret)).toEqual(owner);
  expect(JSON.stringify(await runtime.state.list('session'))).not.toContain(secret);
});

test('an unknown, an ended and an empty secret are nobody', async () => {
  const { runtime } = openPages();
  const secret = await startSession(runtime, owner);
  await endSession(runtime, secret);
  expect(await readSession(runtime, secret)).toBeUndefined();
  expect(await readSession(runtime, 'guessed')).toBeUndefined();
  expect(await readSession(runtime, '')).toBeUndefined();
});

test('a session ends after thirty days', async () => {
  const { runtime, clock } = openPages();
  const secret = await startSession(runtime, owner);
  clock.advance(30 * 86_400_000 - 1);
  expect(await readSession(runtime, secret)).toEqual(owner);
  clock.advance(1);
  expect(await readSession(runtime, secret)).toBeUndefined();
});

test("a new owner token ends the owner's sessions and leaves those of others", async () => {
  const { runtime } = openPages();
  const person = { role: 'person', userId: 'u_one' } as const;
  const [mine, theirs] = [await startSession(runtime, owner), await startSession(runtime, person)];
  const rotated = { ...runtime, ownerToken: 'another token' };
  expect(await readSession(rotated, mine)).toBeUndefined();
  expect(await readSession(rotated, theirs)).toEqual(person);
});

test('the owner sees everybody, a person only themself', () => {
  expect(maySee(owner, 'u_one')).toBe(true);
  expect(maySee({ role: 'person', userId: 'u_one' }, 'u_one')).toBe(true);
  expect(maySee({ role: 'person', userId: 'u_one' }, 'u_two')).toBe(false);
});
