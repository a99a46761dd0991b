import { expect, test } from 'vitest';
import { makeTicket, noteOutcome } from '../../../app/connect/ticket.ts';
import { awaitOutcome } from '../../../local/cli/connect-outcome.ts';
import { openDesk } from '../../support/desk.ts';

const TEN_MIN_MS = 600_000;

async function openWait() {
  const { runtime, clock } = openDesk();
  const ticket = await makeTicket(runtime, { provider: 'withings', userId: 'u_1' });
  const stop = new AbortController();
  const ended = awaitOutcome(runtime, ticket.id, stop.signal);
  ended.catch(() => undefined);
  /** Half a second is from look to look; lets each one happen. */
  const pass = async (ms: number): Promise<void> => {
    for (const end = clock.now() + ms; clock.now() < end;) {
      clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { runtime, ticket, stop, ended, pass };
}

test('the wait ends with what became of the flow, up to its last half second', async () => {
  const { runtime, ticket, ended, pass } = await openWait();
  await pass(TEN_MIN_MS - 1000);
  await noteOutcome(runtime, ticket.id, { ok: true, connection_id: 'c_1' });
  await pass(500);
  expect(await ended).toEqual({ ok: true, connection_id: 'c_1' });
});

test('after ten minutes it is over, with exit code 9 and the remedy', async () => {
  const { ended, pass } = await openWait();
  let over = false;
  ended.catch(() => (over = true));
  await pass(TEN_MIN_MS - 500);
  expect(over).toBe(false);
  await pass(500);
  await expect(ended).rejects.toMatchObject({
    code: 'timed_out',
    exit: 9,
    remedy: expect.stringContaining('wellspring serve'),
  });
});

test('somebody who stops it is not kept waiting', async () => {
  const { stop, ended } = await openWait();
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
});
