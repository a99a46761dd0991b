import { expect, test } from 'vitest';
import { pauseOf } from '../../../local/cli/backfill-pause.ts';

const active = { provider: 'oura', user_id: 'u_1', state: 'active' } as const;
const LIMITED = 'The provider limits how often it is asked.';
const paused = { state: 'paused', waiting: {}, retry_at: null } as const;
const going = { isStopped: false };

test('one that is finished has no pause', () => {
  expect(pauseOf({ ...paused, state: 'finished' }, active, going)).toBeNull();
});

test('a limit is told once for all it stops, with the time it goes on', () => {
  const waiting = { sleep: LIMITED, workout: LIMITED, session: 'The answer was not JSON text.' };
  expect(pauseOf({ ...paused, waiting, retry_at: '2026-11-20T08:00:00.000Z' }, active, going)).toEqual({
    reason: 'waiting',
    detail: `sleep, workout: ${LIMITED} session: The answer was not JSON text.`,
    next: 'A running server goes on after 2026-11-20T08:00:00.000Z.',
  });
});

test('a grant that has ended is told before what it made wait, with the command that renews it', () => {
  const ended = { ...active, state: 'needs_reconnect' } as const;
  const waiting = { sleep: 'It has to be connected again first.' };
  const pause = pauseOf({ ...paused, waiting, retry_at: '2026-11-20T08:00:00.000Z' }, ended, { isStopped: true });
  expect(pause).toMatchObject({
    reason: 'needs_reconnect',
    next: expect.stringContaining('wellspring connect oura --user u_1'),
  });
  expect(pauseOf(paused, undefined, going)).toMatchObject({ reason: 'needs_reconnect' });
});

test('whoever stopped it, or fetches already, is named', () => {
  expect(pauseOf(paused, active, { isStopped: true })?.reason).toBe('stopped');
  expect(pauseOf(paused, active, going)?.reason).toBe('busy');
});
