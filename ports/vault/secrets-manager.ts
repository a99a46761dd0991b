import { type AwsConnection, told } from '../aws.ts';
import { PortError } from '../errors.ts';
import type { Ids } from '../ids/ids.ts';
import type { State } from '../state/state.ts';
import { listSecretRows, readSecretRow, secretName, type SecretRow, writeSecretRow } from './secret-rows.ts';
import { makeVersionId, meaningOf } from './secret-version-id.ts';
import { createSecretVersions } from './secret-versions.ts';
import type { ReplaceResult, Vault } from './vault.ts';

export interface SecretsManagerOptions {
  /** Names are `<prefix>/<id>`; several stacks of one account have several prefixes. */
  readonly prefix: string;
  /** Knows which ids there are and how often each was deleted; never a text. */
  readonly state: Pick<State, 'get' | 'put' | 'list'>;
  readonly ids: Ids;
  readonly kmsKeyId?: string;
  readonly connection?: AwsConnection;
}

/** Secrets Manager takes 65,536 bytes; as JSON a text may be twice as long as it is. */
const LONGEST_BYTES = 32_000;
/** Others came between so often that something else must be wrong. */
const ROUNDS = 50;

const CONFLICT = { ok: false, reason: 'conflict' } as const;

/**
 * A vault of one secret an id in AWS Secrets Manager. A replacement is a new version, written first and durable, and then the move of the
 * label `AWSCURRENT` from the version seen: the label is the truth, and its move the compare-and-swap. A deletion first moves the label to
 * a version that says so, so that no writer comes between, and then destroys the secret for good.
 */
export function createSecretsManagerVault({ prefix, state, ids, ...options }: SecretsManagerOptions): Vault {
  const versions = createSecretVersions(options);
  const nameOf = (row: Pick<SecretRow, 'id' | 'deleted'>): string => secretName(prefix, row);
  const idOf = (generation: number, isEnd = false): string => makeVersionId(ids, { generation, isEnd });

  /** The secret is not used any more: first the state says so, then it is destroyed. False when somebody else changed the row. */
  async function end(row: SecretRow, generation: number): Promise<boolean> {
    const done = await writeSecretRow(state, row, { deleted: row.deleted + 1, generation, kept: false });
    if (done !== undefined) await versions.destroy(nameOf(row));
    return done !== undefined;
  }

  async function create(row: SecretRow, text: string): Promise<ReplaceResult> {
    const noted = row.kept ? row : await writeSecretRow(state, row, { kept: true });
    if (noted === undefined) return CONFLICT;
    const generation = row.generation + 1;
    if (!(await versions.create(nameOf(noted), idOf(generation), text))) return CONFLICT;
    // Somebody deleted what another one had made of that name meanwhile: nobody looks there any more.
    if ((await readSecretRow(state, row.id)).deleted === row.deleted) return { ok: true, generation };
    await versions.destroy(nameOf(noted));
    return CONFLICT;
  }

  async function replace(id: string, text: string, expect: number): Promise<ReplaceResult> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const row = await readSecretRow(state, id);
      const there = await versions.look(nameOf(row));
      if (there?.isEnd === true) {
        // A deletion that was cut short, or is under way.
        await end(row, there.generation);
        continue;
      }
      if (expect !== (there?.generation ?? 0)) return CONFLICT;
      if (there === undefined) return create(row, text);
      const generation = there.generation + 1;
      const moved = await versions.move(nameOf(row), there.version, idOf(generation), text);
      return moved ? { ok: true, generation } : CONFLICT;
    }
    throw neverStill();
  }

  async function remove(id: string, expect: number | undefined): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const row = await readSecretRow(state, id);
      const there = await versions.look(nameOf(row));
      if (there === undefined && !row.kept) {
        // The last deletion may have ended between its two steps.
        if (row.deleted > 0) await versions.destroy(nameOf({ id, deleted: row.deleted - 1 }));
        return true;
      }
      const { generation, isEnd } = there ?? { generation: row.generation, isEnd: true };
      if (!isEnd && expect !== undefined && expect !== generation) return false;
      const over =
        isEnd || there === undefined || (await versions.move(nameOf(row), there.version, idOf(generation, true), null));
      if (over && (await end(row, generation))) return true;
    }
    throw neverStill();
  }

  return {
    read: (id) =>
      told('Reading a secret', async () => {
        const name = nameOf(await readSecretRow(state, id));
        const got = await versions.open(name);
        if (got === undefined) return undefined;
        const own = meaningOf(got.version ?? '');
        if (own !== undefined && !own.isEnd && got.text !== undefined)
          return { text: got.text, generation: own.generation };
        const there = await versions.look(name);
        if (there === undefined || there.isEnd) return undefined;
        throw unreadable();
      }),
    generation: (id) =>
      told('Reading a secret', async () => {
        const there = await versions.look(nameOf(await readSecretRow(state, id)));
        return there === undefined || there.isEnd ? 0 : there.generation;
      }),
    replace: (id, text, { expect }) =>
      told('Writing a secret', async () => {
        if (Buffer.byteLength(text) > LONGEST_BYTES) throw tooLong();
        return replace(id, text, expect);
      }),
    delete: (id, seen) => told('Deleting a secret', () => remove(id, seen?.expect)),
    ids: (start) => listSecretRows(state, start),
  };
}

function neverStill(): PortError {
  return new PortError('storage_failed', 'Other writers of a secret came first again and again.', {
    remedy: 'Try again.',
  });
}

function tooLong(): PortError {
  return new PortError('secret_too_large', `A secret takes ${LONGEST_BYTES} bytes.`);
}

function unreadable(): PortError {
  return new PortError('vault_unreadable', 'A stored secret cannot be opened, or somebody else has written it.', {
    remedy: 'Connect the provider again; for a client secret, set it again.',
  });
}
