// The race of test/app/refresh/interleaving.test.ts, where thousands of interleavings are simulated, here with a few that happen: processes
// that really wait for DynamoDB and Secrets Manager, each with clients of its own. With LIVE=1 they wait for AWS.
import { expect, test } from 'vitest';
import { saveGrant } from '../../app/grant.ts';
import type { Access, Custody } from '../../app/refresh/custody.ts';
import { obtain } from '../../app/refresh/obtain.ts';
import { createChance } from '../../local/sandbox/chance.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { PortError } from '../../ports/errors.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { createSecretsManagerVault } from '../../ports/vault/secrets-manager.ts';
import type { Vault } from '../../ports/vault/vault.ts';
import { CONNECTION, ID } from '../app/refresh/bench.ts';
import { createLedger, type Moods } from '../app/refresh/ledger.ts';
import { egressNobodyUses, oauthWith } from '../app/refresh/parts.ts';
import { onAws } from '../support/aws.ts';
import { makeTable, nameOf, removeSecrets } from '../support/aws-made.ts';
import { Secret } from '../../providers/kit/secret.ts';

const GRACE_S = 8 * 3600;
const system = createSystemClock();

/** A clock that goes `rate` times as fast as the world. */
function hurried(rate: number): Clock {
  const start = system.now();
  return { now: () => start + (system.now() - start) * rate, sleep: (ms, signal) => system.sleep(ms / rate, signal) };
}

interface Options extends Moods {
  readonly seed: number;
  readonly rate: number;
  /** Share of the vault's calls that fail, before they are done or after. */
  readonly vault?: number;
}

const ask = (who: Custody): Promise<Access | undefined> =>
  obtain(who, ID, {}).catch((error: unknown) => {
    if (error instanceof PortError) return undefined;
    throw error;
  });

onAws((aws) => {
  async function openWorld({ seed, rate, vault: share = 0, ...moods }: Options) {
    const { connection } = aws;
    const [clock, chance, ids] = [hurried(rate), createChance(`aws ${seed}`), createRandomIds()];
    const table = await makeTable(connection);
    const prefix = nameOf('vault');
    const schedule = {
      chance,
      nowMs: () => clock.now(),
      clockOf: () => clock,
      isAlive: () => true,
      kill: () => undefined,
      calm: () => undefined,
      run: () => Promise.reject(new TypeError('Nothing is scheduled.')),
      // The network takes its time.
      step: () => system.sleep(chance.int(0, 30)),
    };
    const ledger = createLedger(schedule, { graceMs: GRACE_S * 1000, moods });
    let calm = false;
    const shaky = (real: Vault): Vault => ({
      ...real,
      async replace(id, text, options) {
        const fails = !calm && chance.hit(share);
        const failure = new PortError('storage_failed', 'The vault is away.');
        if (fails && chance.hit(0.5)) throw failure;
        const result = await real.replace(id, text, options);
        if (fails) throw failure;
        return result;
      },
    });
    const drivers = () => {
      const state = createDynamoState({ table, clock, ids, connection });
      return { state, vault: createSecretsManagerVault({ prefix, state, ids, connection }) };
    };
    const own = drivers();
    removeSecrets(connection, prefix, own.state);
    await own.state.put('connection', ID, { ...CONNECTION, sequence: 1 });
    const first = {
      access: new Secret('a0'),
      refresh: new Secret('r0'),
      expiresAt: clock.now() - 1,
      scopes: null,
      fields: {},
    };
    await saveGrant(own.vault, ID, first, { expect: 0, nowMs: clock.now() - 3_600_000 });
    const open = (process: string): Custody => {
      const { state, vault } = drivers();
      return {
        clock,
        state,
        ids,
        objects: createMemoryObjects(),
        egress: egressNobodyUses,
        vault: shaky(vault),
        bus: { publish: async (events) => events.map(() => ({ ok: true as const })) },
        settings: () => ({}),
        oauthClient: async () => ledger.client(process),
        oauth: () => oauthWith({ rotates: true, graceS: GRACE_S }),
        revoke: async (_, { access }) => ledger.revoked(access.reveal()),
      };
    };
    return { clock, ledger, open, calm: () => ((calm = true), ledger.calm()), vault: own.vault };
  }

  test.each([
    { workers: 2, runs: 12 },
    { workers: 5, runs: 8 },
    { workers: 20, runs: 3 },
  ])(
    'T1: $workers processes that ask at once make one call between them, and all get the new token ($runs times)',
    async ({ workers, runs }) => {
      for (let seed = 0; seed < runs; seed += 1) {
        const world = await openWorld({ seed, rate: 1 });
        const all = Array.from({ length: workers }, (_, n) => world.open(`p${n}`));
        const answers = await Promise.all(all.map(ask));
        expect([world.ledger.wrongs, world.ledger.calls]).toEqual([[], 1]);
        const token = answers.map((answer) =>
          answer?.ok === true ? [answer.generation, answer.token.reveal()] : answer,
        );
        expect(token).toEqual(all.map(() => [2, 'a1']));
      }
    },
  );

  test.each([0, 1, 2, 3, 4, 5])(
    'T2 T3 T5: with lost answers and a vault that fails nobody reuses a token and nobody hangs (seed %i)',
    async (seed) => {
      const world = await openWorld({ seed, rate: 60, lost: 0.3, later: 0.2, vault: 0.3 });
      const all = ['p0', 'p1', 'p2'].map(world.open);
      for (let round = 0; round < 3; round += 1) await Promise.all(all.map(ask));
      world.calm();
      for (let round = 0; round < 20; round += 1) {
        const answers = await Promise.all(all.map(ask));
        expect(world.ledger.wrongs).toEqual([]);
        const tokens = answers.flatMap((answer) => (answer?.ok === true ? [answer.token.reveal()] : []));
        if (tokens.length === all.length && new Set(tokens).size === 1) {
          expect(world.ledger.accepts(tokens[0] ?? '')).toBe(true);
          return;
        }
        const waits = answers.map((answer) =>
          answer?.ok === false && answer.reason === 'later' ? answer.retryAtMs : 0,
        );
        await world.clock.sleep(Math.max(1, Math.max(...waits) - world.clock.now()));
      }
      throw new Error('It stands nowhere.');
    },
  );
});
