import { expect, test } from 'vitest';
import { keep } from '../../app/connect/keep.ts';
import { oauthProvider } from '../../app/connect/setup.ts';
import { tidyGrants } from '../../app/connect/tidy.ts';
import { disconnect, link, listConnections, revokedKeys } from '../../app/connections.ts';
import { begin } from '../../app/forget/begin.ts';
import { readTombstone } from '../../app/forget/tombstone.ts';
import { addUser, listUsers, setUser } from '../../app/people.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { State } from '../../ports/state/state.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { openDesk } from './desk.ts';
import { openVault } from './vault.ts';

/** A change of people and connections waits for nobody longer than this (`app/exclusive.ts`). */
const LEASE_MS = 30_000;
const LOST = { code: 'lease_lost', status: 503, remedy: expect.stringMatching(/^Ask again/) };

const garmin = (user: { readonly user_id: string }) => ({ provider: 'garmin', user, externalId: 'g1' });

const grantOf = (userId: string) => ({
  provider: oauthProvider('withings'),
  userId,
  externalId: 'w1',
  scopes: ['user.metrics'],
  tokens: { access: new Secret('a'), refresh: new Secret('r'), expiresAt: null, scopes: null, fields: {} },
});
const flow = { browser: 'browser', ticket: null };

/** What becomes of a change whose process stood still past its lease; `open` answers the state as two processes have it. */
export function lateChanges(name: string, open: (clock: Clock) => Promise<readonly [State, State]>): void {
  async function household() {
    const desk = openDesk();
    const [mine, theirs] = await open(desk.clock);
    const vault = openVault(theirs);
    const other = { ...desk.runtime, state: theirs, vault };
    const [anna, ben] = [await addUser(other, { name: 'Anna' }), await addUser(other, { name: 'Ben' })];
    let isOver = false;
    /** Does `work`, and once stands still for the whole lease, in which the other process does `meanwhile`. */
    const still = async <T>(work: Promise<T>, meanwhile: () => Promise<unknown>): Promise<T> => {
      const answer = await work;
      if (isOver) return answer;
      isOver = true;
      desk.clock.advance(LEASE_MS);
      await meanwhile();
      return answer;
    };
    const runtime = { ...other, state: mine };
    /** A process that stands still when a fact has been stored. */
    const storing = (meanwhile: () => Promise<unknown>): typeof runtime => ({
      ...runtime,
      objects: {
        ...runtime.objects,
        putIfAbsent: (...given) => still(runtime.objects.putIfAbsent(...given), meanwhile),
      },
    });
    /** One that stands still when it has looked at the connections there are, the first time or a later one. */
    const looking = (meanwhile: () => Promise<unknown>, time = 1): typeof runtime => {
      let times = 0;
      return {
        ...runtime,
        state: {
          ...mine,
          list: <T>(kind: string, prefix?: string) => {
            const listed = mine.list<T>(kind, prefix);
            return kind === 'connection' && (times += 1) === time ? still(listed, meanwhile) : listed;
          },
        },
      };
    };
    /** One that stands still when it has looked a person up. */
    const reading = (meanwhile: () => Promise<unknown>): typeof runtime => ({
      ...runtime,
      state: {
        ...mine,
        get: <T>(kind: string, id: string) => {
          const read = mine.get<T>(kind, id);
          return kind === 'user' ? still(read, meanwhile) : read;
        },
      },
    });
    const facts = async (named = 'connection_id') => (await desk.facts()).filter((fact) => named in fact);
    return { ...desk, other, vault, anna, ben, storing, looking, reading, facts };
  }

  test(`${name}: who stood still before the fact of a connection leaves the account to whoever took it meanwhile`, async () => {
    const { other, anna, ben, looking, facts } = await household();
    const late = link(
      looking(() => link(other, garmin(ben))),
      garmin(anna),
    );
    await expect(late).rejects.toMatchObject(LOST);
    const connections = await listConnections(other);
    expect(connections).toMatchObject([{ user_id: ben.user_id, state: 'active' }]);
    expect(await facts()).toMatchObject(connections);
  });

  test(`${name}: who stood still while the fact was stored does so too, and takes the fact back`, async () => {
    const { other, anna, ben, storing, facts } = await household();
    const late = link(
      storing(() => link(other, garmin(ben))),
      garmin(anna),
    );
    await expect(late).rejects.toMatchObject(LOST);
    expect(await listConnections(other)).toMatchObject([{ user_id: ben.user_id, state: 'active' }]);
    const [first, , last, ...more] = await facts();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ user_id: anna.user_id, state: 'active' });
    expect(last).toMatchObject({ connection_id: first?.['connection_id'], state: 'disconnected' });
    // Asked again, the answer is the one there is.
    await expect(link(other, garmin(anna))).rejects.toMatchObject({ code: 'subject_conflict' });
  });

  test(`${name}: a late end does not undo a connection, and its fact is older than the newer one`, async () => {
    const { other, anna, storing, facts } = await household();
    await link(other, garmin(anna));
    const again = async () => {
      await disconnect(other, garmin(anna));
      await link(other, garmin(anna));
    };
    await expect(disconnect(storing(again), garmin(anna))).rejects.toMatchObject(LOST);
    expect(await listConnections(other)).toMatchObject([{ state: 'active' }]);
    expect((await facts()).map(({ state }) => state)).toEqual(['active', 'disconnected', 'disconnected', 'active']);
  });

  test(`${name}: a late grant is not kept in the vault`, async () => {
    const { other, vault, anna, ben, looking } = await household();
    const late = keep(
      looking(() => keep(other, grantOf(ben.user_id), flow)),
      grantOf(anna.user_id),
      flow,
    );
    await expect(late).rejects.toMatchObject(LOST);
    const [one, ...more] = await listConnections(other);
    expect([one?.user_id, more]).toEqual([ben.user_id, []]);
    expect(await vault.ids('connection/')).toEqual([`connection/${one?.connection_id}`]);
  });

  test(`${name}: a late tidying drops no grant that was kept meanwhile`, async () => {
    const { other, vault, anna, looking } = await household();
    const late = tidyGrants(looking(() => keep(other, grantOf(anna.user_id), flow)));
    await expect(late).rejects.toMatchObject(LOST);
    const [one] = await listConnections(other);
    expect(await vault.ids('connection/')).toEqual([`connection/${one?.connection_id}`]);
  });

  test.each(['storing', 'reading'] as const)(
    `${name}: a late profile does not overwrite a newer one, nor is its fact the newer one (%s)`,
    async (how) => {
      const { other, anna, ben, facts, [how]: standing } = await household();
      const late = setUser(
        standing(() => setUser(other, anna, { zone: 'Europe/Rome' })),
        anna,
        { name: 'Anne' },
      );
      await expect(late).rejects.toMatchObject(LOST);
      expect(await listUsers(other)).toEqual([{ ...anna, zone: 'Europe/Rome' }, ben]);
      expect((await facts('zone')).at(-1)).toMatchObject({ name: 'Anna', zone: 'Europe/Rome' });
    },
  );

  test(`${name}: a late end does not give up a token that was asked for meanwhile`, async () => {
    const { other, anna, looking } = await household();
    const apple = { provider: 'apple', user: anna };
    const { token } = await link(other, apple);
    // The second look is the one inside.
    const runtime = looking(async () => expect((await link(other, apple)).token).toBe(token), 2);
    await expect(disconnect(runtime, apple)).rejects.toMatchObject(LOST);
    expect([...(await revokedKeys(other.state))]).toEqual([]);
  });

  test(`${name}: a late beginning of forgetting does not miss what was connected meanwhile`, async () => {
    const { other, anna, looking } = await household();
    const late = begin(
      looking(() => link(other, garmin(anna))),
      anna.user_id,
      null,
    );
    await expect(late).rejects.toMatchObject(LOST);
    expect(await readTombstone(other.state, anna.user_id)).toBeUndefined();
    expect((await begin(other, anna.user_id, null))?.accounts).toContain(accountOf('garmin', 'g1'));
  });
}
