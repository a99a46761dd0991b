import * as z from 'zod';
import type { State } from '../state/state.ts';
import { type SealedText, sealedText } from './seal.ts';

const KIND = 'sealed';

/** A row of a vault. `sealed` is null after a deletion: the row stays, so that a generation never comes twice. */
export interface VaultRow {
  readonly id: string;
  readonly generation: number;
  readonly sealed: SealedText | null;
  /** Of the record, for compare-and-swap; 0 when there is none. */
  readonly version: number;
}

/** In the place of what nobody can read: no key opens it. */
const DAMAGED: SealedText = { key: '', nonce: '', text: '', tag: '' };

const stored = z.object({ generation: z.int().min(1), sealed: sealedText.nullable() });

/** The row of an id, an empty one of generation 0 where there is none; a damaged one is a text that does not open. */
export async function readRow(state: Pick<State, 'get'>, id: string): Promise<VaultRow> {
  const record = await state.get<unknown>(KIND, id);
  if (record === undefined) return { id, generation: 0, sealed: null, version: 0 };
  const row = stored.safeParse(record.value);
  if (row.success) return { id, ...row.data, version: record.version };
  // Every generation was a write, so none there ever was is higher than the version: the next one comes for the first time.
  return { id, generation: record.version, sealed: DAMAGED, version: record.version };
}

/** What a writer has to have seen: 0 where there is no text. */
export function generationOf({ sealed, generation }: VaultRow): number {
  return sealed === null ? 0 : generation;
}

/** Ids with a text, ascending. */
export async function listRows(state: Pick<State, 'list'>, prefix = ''): Promise<readonly string[]> {
  const records = await state.list<unknown>(KIND, prefix);
  // A row that is damaged is there all the same: reading it says so.
  return records.filter(({ value }) => stored.safeParse(value).data?.sealed !== null).map(({ id }) => id);
}

/** Writes a row in the place of `row`; false when somebody else was first. */
export async function writeRow(
  state: Pick<State, 'put'>,
  row: VaultRow,
  next: Pick<VaultRow, 'generation' | 'sealed'>,
): Promise<VaultRow | undefined> {
  const { generation, sealed } = next;
  const put = await state.put(KIND, row.id, { generation, sealed }, { expect: row.version });
  return put.ok ? { id: row.id, generation, sealed, version: put.version } : undefined;
}
