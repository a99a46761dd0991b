import type { Ids } from '../ids/ids.ts';

/** What a version is, by its id alone: nothing has to be decrypted to know it. */
export interface VersionMeaning {
  readonly generation: number;
  /** It says that the text was deleted, and stands where it was until the secret itself is gone. */
  readonly isEnd: boolean;
}

const OURS = /^(?<kind>text|end)-(?<generation>\d{1,10})-[a-z2-7]{32}$/;

/** A new id: Secrets Manager wants 32 to 64 letters. */
export function makeVersionId(ids: Ids, { generation, isEnd }: VersionMeaning): string {
  return `${isEnd ? 'end' : 'text'}-${generation}-${ids.id('', 32).slice(1)}`;
}

/** A version somebody made by other means is one generation behind the last of ours that still has a label. */
export function readVersionId(version: string, labelled: readonly string[]): VersionMeaning {
  const own = meaningOf(version);
  if (own !== undefined) return own;
  const last = Math.max(0, ...labelled.flatMap((id) => meaningOf(id)?.generation ?? []));
  return { generation: last + 1, isEnd: false };
}

/** Undefined for a version that is not ours. */
export function meaningOf(version: string): VersionMeaning | undefined {
  const named = OURS.exec(version)?.groups;
  return named === undefined ? undefined : { generation: Number(named['generation']), isEnd: named['kind'] === 'end' };
}
