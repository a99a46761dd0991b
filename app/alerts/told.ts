import type { State } from '../../ports/state/state.ts';
import type { AlertKind } from './choice.ts';

/** Something for the next message. */
export interface Waiting {
  readonly key: string;
  readonly kind: AlertKind;
  readonly line: string;
}

/** What one person was told of, and what they are still to be told. */
export interface Told {
  /** The local day of the last look at everything; null before the first. */
  readonly looked: string | null;
  /** By key, Unix ms. */
  readonly told: Readonly<Record<string, number>>;
  readonly waiting: readonly Waiting[];
}

/** `version` is what a writer has to have seen. */
export interface Kept extends Told {
  readonly version: number;
}

const KIND = 'alert';
const NOTHING: Kept = { looked: null, told: {}, waiting: [], version: 0 };
/** Longer than anything can be found again. */
const REMEMBERED_MS = 40 * 86_400_000;

/** By person. */
export async function everyTold(state: Pick<State, 'list'>): Promise<ReadonlyMap<string, Told>> {
  return new Map((await state.list<Told>(KIND)).map(({ id, value }) => [id, value]));
}

export async function readTold(state: Pick<State, 'get'>, userId: string): Promise<Kept> {
  const found = await state.get<Told>(KIND, userId);
  return found === undefined ? NOTHING : { ...found.value, version: found.version };
}

/** Keeps what has changed since `before` and answers it as kept; undefined when somebody else did meanwhile, or the person is forgotten. */
export async function keepTold(
  state: Pick<State, 'get' | 'put'>,
  userId: string,
  { version, ...before }: Kept,
  changes: Partial<Told> & { readonly at: number },
): Promise<Kept | undefined> {
  const { at, ...changed } = changes;
  const merged = { ...before, ...changed };
  const recent = Object.entries(merged.told).filter(([, when]) => when > at - REMEMBERED_MS);
  const after: Told = { ...merged, told: Object.fromEntries(recent) };
  if ((await state.get('user', userId)) === undefined) return undefined;
  const kept = await state.put(KIND, userId, after, { expect: version, expiresAt: at + REMEMBERED_MS });
  return kept.ok ? { ...after, version: kept.version } : undefined;
}
