import type { State, StoredRecord } from '../../ports/state/state.ts';

/** Kept on purpose: the tombstone, and sealed grants that are still to be given back. */
const isKept = ({ kind, id }: StoredRecord): boolean =>
  kind === 'forget' || (kind === 'sealed' && id.startsWith('farewell/'));

interface Meant {
  /** Ids we made: one anywhere in a record makes it theirs. */
  readonly opaque: readonly string[];
  /** Ids of personal tokens, which name a record by themselves. */
  readonly tokens: readonly string[];
}

/** Records of whatever kind that are about one person: a new kind needs no line here. */
export async function theirRecords(
  state: Pick<State, 'everything'>,
  { opaque, tokens }: Meant,
): Promise<readonly StoredRecord[]> {
  const all = await state.everything();
  return all.filter((record) => {
    if (isKept(record)) return false;
    if (record.kind === 'revoked') return tokens.includes(record.id);
    const text = `${record.id} ${JSON.stringify(record.value)}`;
    return opaque.some((id) => text.includes(id));
  });
}

export async function deleteRecords(state: Pick<State, 'delete'>, records: readonly StoredRecord[]): Promise<void> {
  for (const { kind, id } of records) await state.delete(kind, id);
}
