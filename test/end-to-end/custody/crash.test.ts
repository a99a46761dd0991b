import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { setCondition } from '../../../app/condition.ts';
import { readGrant, saveGrant } from '../../../app/grant.ts';
import { obtain } from '../../../app/refresh/obtain.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { ensurePrivateDirectory } from '../../../local/secret.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { CONNECTION } from '../../app/refresh/bench.ts';
import { startChild } from '../../support/child.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { ID, openStand } from './stand.ts';
import { openTokenDoor } from './token-door.ts';

const CHILD = new URL('refresh.child.ts', import.meta.url);
const KILLS = 13;
/** More than a call may take, and more than a token lives. */
const MINUTE_MS = 60_000;

const MOMENTS = ['ready', 'arrived', 'rotated', 'answered'] as const;

test.each([
  { grace: 'a grace of eight hours', graceS: 8 * 3600 },
  { grace: 'no grace', graceS: 0 },
])(
  'T3 T5: killed in the middle of a renewal, with $grace, no grant is lost in silence and no token used twice',
  async ({ graceS }) => {
    const dataDir = join(temporaryDirectory(), 'data');
    ensurePrivateDirectory(dataDir);
    const door = await openTokenDoor({ grace: graceS > 0 });
    const shift = { ms: 0 };
    const custody = openStand(dataDir, door.url, shift, graceS);
    onTestFinished(() => custody.state.close());
    const { clock, state, vault } = custody;
    const grant = async (tokens: { readonly access: string; readonly refresh: string }): Promise<void> => {
      const expected = (await readGrant(vault, ID))?.generation ?? 0;
      const [access, refresh] = [new Secret(tokens.access), new Secret(tokens.refresh)];
      const ended = { access, refresh, expiresAt: clock.now() - 1, scopes: null, fields: {} };
      expect((await saveGrant(vault, ID, ended, { expect: expected, nowMs: clock.now() - MINUTE_MS })).ok).toBe(true);
    };
    await state.put('connection', ID, { ...CONNECTION, sequence: 1 });
    await grant({ access: 'a0', refresh: 'r0' });
    const chance = createChance(`kills ${graceS}`);
    const ends = { fresh: 0, needs_reconnect: 0 };

    for (let kill = 0; kill < KILLS; kill += 1) {
      const moment = MOMENTS[kill % MOMENTS.length];
      const child = startChild(CHILD, [dataDir, door.url, String(shift.ms), String(graceS)]);
      door.watch.onMoment = async (now) => {
        if (now !== moment) return;
        // After the answer the child saves it: sooner or later within that.
        if (now === 'answered') await clock.sleep(chance.int(0, 12));
        await child.kill();
      };
      expect(await child.line()).toBe('ready');
      if (moment === 'ready') {
        await clock.sleep(chance.int(0, 12));
        await child.kill();
      }
      await child.ended();
      door.watch.onMoment = async () => undefined;
      const lost = door.refresh() !== (await readGrant(vault, ID))?.tokens.refresh?.reveal();

      shift.ms += MINUTE_MS;
      const answer = await obtain(custody, ID, {});
      const where = `kill ${kill} at ${moment}`;
      expect(door.reuses(), where).toBe(0);
      if (answer.ok) {
        ends.fresh += 1;
        expect(answer.token.reveal(), where).toBe(door.access());
      } else {
        ends.needs_reconnect += 1;
        expect([answer.reason, graceS], where).toEqual(['needs_reconnect', 0]);
        // A call that died before the provider acted cannot be told from one that died after it.
        expect(lost || moment === 'arrived' || moment === 'ready', where).toBe(true);
        await grant(door.grant());
        await setCondition(custody, ID, { state: 'active', cause: null });
      }
      shift.ms += MINUTE_MS;
    }
    expect(ends.fresh + ends.needs_reconnect).toBe(KILLS);
    expect(ends.fresh).toBeGreaterThan(0);
    if (graceS === 0) expect(ends.needs_reconnect).toBeGreaterThan(0);
  },
);
