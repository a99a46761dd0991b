import { saveGrant } from '../../../app/grant.ts';
import type { Access, Custody } from '../../../app/refresh/custody.ts';
import { obtain } from '../../../app/refresh/obtain.ts';
import type { Connection } from '../../../app/tie.ts';
import { PortError } from '../../../ports/errors.ts';
import { createRandomIds } from '../../../ports/ids/random.ts';
import { createSeededIds } from '../../../ports/ids/seeded.ts';
import { createMemoryObjects } from '../../../ports/objects/memory.ts';
import { open as unseal, type SealedText } from '../../../ports/vault/seal.ts';
import { createSealedVault } from '../../../ports/vault/sealed.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { memoryKeys } from '../../support/vault.ts';
import { createLedger, type Moods } from './ledger.ts';
import { createShelf, openShelf } from './memory-state.ts';
import { createSchedule } from './schedule.ts';
import { egressNobodyUses, oauthWith } from './parts.ts';

const CONNECTION = 'c_abcdefghijkl';

/** Shares of operations that go wrong, before they are done or after. */
export interface Faults extends Moods {
  readonly deaths?: number;
  readonly vault?: number;
  readonly state?: number;
  readonly jumps?: number;
}

/** Simulated processes over one shelf, a provider that keeps a ledger, and one connection whose access token has ended. */
export async function openWorld(seed: number, { graceS, ...faults }: Faults & { readonly graceS?: number }) {
  const schedule = createSchedule(seed, { jumps: faults.jumps ?? 0 });
  const { chance } = schedule;
  const ledger = createLedger(schedule, { graceMs: (graceS ?? 0) * 1000, moods: faults });
  const [shelf, keys, objects] = [createShelf(), memoryKeys(), createMemoryObjects()];
  const died: string[] = [];
  let calm = false;

  const around =
    (process: string, share: number, done = () => {}) =>
    async <T>(work: () => T): Promise<T> => {
      const isFatal = (): boolean => !calm && chance.hit(faults.deaths ?? 0);
      const step = async (): Promise<void> => {
        if (isFatal()) {
          died.push(process);
          schedule.kill(process);
        }
        await schedule.step(process);
      };
      await step();
      const fails = !calm && chance.hit(share);
      const failure = new PortError('storage_failed', 'The disk is away.');
      if (fails && chance.hit(0.5)) throw failure;
      const result = work();
      done();
      if (fails) throw failure;
      await step();
      return result;
    };

  /** At the very moment a row is written, whatever its writer hears of it. */
  function tellStored(): void {
    const row: { readonly generation: number; readonly sealed: SealedText } = JSON.parse(
      shelf.records.get(`sealed/connection/${CONNECTION}`)?.text ?? '',
    );
    const text = unseal(row.sealed, { id: `connection/${CONNECTION}`, generation: row.generation }, keys.all());
    const grant: { readonly refresh: string; readonly access: string } = JSON.parse(text);
    ledger.stored(grant.refresh, grant.access);
  }

  function open(process: string): Custody {
    const clock = schedule.clockOf(process);
    const state = openShelf(shelf, clock, around(process, faults.state ?? 0));
    const rows = openShelf(shelf, clock, around(process, faults.vault ?? 0, tellStored));
    const vault = createSealedVault({ state: rows, keys, ids: createRandomIds() });
    return {
      clock,
      state,
      objects,
      ids: createSeededIds(`${process} ${seed}`),
      bus: { publish: async (events) => events.map(() => ({ ok: true as const })) },
      vault,
      egress: egressNobodyUses,
      settings: () => ({}),
      oauthClient: async () => ledger.client(process),
      oauth: () => oauthWith({ rotates: true, ...(graceS !== undefined && { graceS }) }),
      revoke: async (_, { access }) => ledger.revoked(access.reveal()),
    };
  }

  const now = { now: () => schedule.nowMs(), sleep: () => Promise.reject(new TypeError('never')) };
  const still = openShelf(shelf, now, async (work) => work());
  const quiet = createSealedVault({ state: still, keys, ids: createRandomIds() });
  const connection: Connection = {
    connection_id: CONNECTION,
    provider: 'somewhere',
    account: 'a_somebody',
    external_id: 'somebody',
    user_id: 'u_somebody',
    kind: 'oauth',
    state: 'active',
    scopes: [],
    cause: null,
  };
  await still.put('connection', CONNECTION, { ...connection, sequence: 1 });
  const expiresAt = schedule.nowMs() - 1;
  const first = { access: new Secret('a0'), refresh: new Secret('r0'), expiresAt, scopes: null, fields: {} };
  await saveGrant(quiet, CONNECTION, first, { expect: 0, nowMs: schedule.nowMs() - 3_600_000 });

  return {
    schedule,
    ledger,
    died,
    open,
    /** No more faults from here on. */
    calm() {
      calm = true;
      schedule.calm();
      ledger.calm();
    },
    /** Lets processes ask for the token at once, each under its own name; those that die or fail answer undefined. */
    async ask(custodies: ReadonlyMap<string, Custody>): Promise<readonly (Access | undefined)[]> {
      const answers: (Access | undefined)[] = [];
      const work = [...custodies].map(([process, custody], index) => {
        const hear = async (): Promise<void> => {
          const answer = await obtain(custody, CONNECTION, {});
          answers[index] = answer;
          if (answer.ok) ledger.given(answer.token.reveal());
        };
        const done = hear().catch((error: unknown) => {
          if (!(error instanceof PortError)) throw error;
        });
        return { process, done };
      });
      await schedule.run(work);
      return [...custodies].map((_, index) => answers[index]);
    },
  };
}
