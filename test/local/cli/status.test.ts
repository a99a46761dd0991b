import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeBackfill, newBackfill } from '../../../app/collect/backfill-record.ts';
import { noteGivenUp } from '../../../app/collect/given-up.ts';
import { exclusively } from '../../../app/exclusive.ts';
import { addUser } from '../../../app/people.ts';
import { tie } from '../../../app/tie.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { withings } from '../../../providers/withings.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';

const DAYS = { from: '2026-01-01', to: '2026-03-31' };

/** Ann, connected to Withings: a backfill that leaves one type out and has another wait, and days given up. */
async function openPerson() {
  const dataDir = join(temporaryDirectory(), 'data');
  const runtime = await openRuntime({ dataDir, zone: 'Europe/Paris' });
  const { user_id: userId } = await addUser(runtime, { name: 'Ann' });
  const wanted = { provider: 'withings', external_id: '1', user_id: userId, kind: 'oauth' } as const;
  const { connection_id: id } = await exclusively(runtime, () => tie(runtime, [], wanted));
  await changeBackfill(runtime, id, () => ({
    ...newBackfill(id, runtime.clock.now(), { streams: withings.collect.streams, days: DAYS }),
    left_out: { getmeas: { reason: 'scope_missing', detail: 'Nobody allowed it.' } },
    waits: { getworkouts: { untilMs: Date.UTC(2026, 10, 22, 8), attempts: 1, detail: 'It answered 503.' } },
  }));
  const given = { connection_id: id, type: 'sleep-get', cause: 'pages_cut', detail: 'It goes in a circle.' } as const;
  await noteGivenUp(runtime, { ...given, days: [{ from: '2026-02-03', to: '2026-02-03' }] });
  await runtime.close();
  return { userId, tell: (...words: readonly string[]) => runCommand([...words, '--data-dir', dataDir]) };
}

test('as text it names people, and says what a backfill leaves out and what waits', async () => {
  const { userId, tell } = await openPerson();
  const { code, out } = await tell('status');
  expect(code).toBe(0);
  expect(out).toMatch(/^provider +user +state /);
  expect(out).toMatch(/^withings +Ann +active/m);
  expect(out).toContain('  withings of Ann: older days of getmeas are left out: Nobody allowed it.');
  expect(out).toContain('older days of getworkouts wait until 2026-11-22T08:00:00.000Z: It answered 503.');
  expect(out).not.toContain(userId);
});

test('with --json it keeps ids, and tells what was given up', async () => {
  const { userId, tell } = await openPerson();
  const { out } = await tell('status', '--json');
  expect(JSON.parse(out)).toMatchObject({
    schema_version: 1,
    connections: [
      {
        user_id: userId,
        given_up: [{ type: 'sleep-get', from: '2026-02-03', to: '2026-02-03', reason: 'pages_cut' }],
      },
    ],
  });
});
