import * as z from 'zod';
import type { State } from '../state/state.ts';

/** The kind a vault's own records have, whatever its technology: the rest of the program knows which of them forgetting must keep. */
const KIND = 'sealed';

/**
 * What the state knows of an id whose text lies in Secrets Manager. Each secret is used from its creation to its deletion and its name never
 * again: a deletion that comes late, or that AWS has not finished, cannot hit what was written since.
 */
export interface SecretRow {
  readonly id: string;
  /** Secrets of this id that were deleted. */
  readonly deleted: number;
  /** The last generation there was in those. */
  readonly generation: number;
  /** Whether there may be a text: noted before it is written, taken back after it is deleted. */
  readonly kept: boolean;
  /** Of the record, for compare-and-swap; 0 when there is none. */
  readonly version: number;
}

const stored = z.object({ deleted: z.int().min(0), generation: z.int().min(0), kept: z.boolean() });

export async function readSecretRow(state: Pick<State, 'get'>, id: string): Promise<SecretRow> {
  const record = await state.get<unknown>(KIND, id);
  if (record === undefined) return { id, deleted: 0, generation: 0, kept: false, version: 0 };
  return { id, ...stored.parse(record.value), version: record.version };
}

/** Undefined when somebody else was first. */
export async function writeSecretRow(
  state: Pick<State, 'put'>,
  row: SecretRow,
  changes: Partial<Pick<SecretRow, 'deleted' | 'generation' | 'kept'>>,
): Promise<SecretRow | undefined> {
  const { id, version, ...value } = { ...row, ...changes };
  const put = await state.put(KIND, id, value, { expect: version });
  return put.ok ? { ...row, ...changes, version: put.version } : undefined;
}

/** Ids that may have a text, ascending. */
export async function listSecretRows(state: Pick<State, 'list'>, prefix: string): Promise<readonly string[]> {
  const records = await state.list<unknown>(KIND, prefix);
  return records.filter(({ value }) => stored.safeParse(value).data?.kept !== false).map(({ id }) => id);
}

/** The name of the secret of a row, or of an earlier one of the same id. */
export function secretName(prefix: string, { id, deleted }: Pick<SecretRow, 'id' | 'deleted'>): string {
  return `${prefix}/${escape(id)}${deleted === 0 ? '' : `=n${deleted}`}`;
}

/** A name takes letters, digits and `/_+=.@-`; everything else, and `=` itself, is written as `=` and its bytes in hex. */
function escape(id: string): string {
  return id.replace(/[^A-Za-z0-9/_+.@-]/gu, (letter) =>
    [...Buffer.from(letter)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
