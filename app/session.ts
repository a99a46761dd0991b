import type { State } from '../ports/state/state.ts';
import { sha256Hex } from './keys.ts';
import type { Runtime } from './runtime.ts';

/** Who is looking: the owner sees everybody, a person sees only themself. */
export type Viewer = { readonly role: 'owner' } | { readonly role: 'person'; readonly userId: string };

export const SESSION_DAYS = 30;

interface Session {
  readonly viewer: Viewer;
  readonly created_at: number;
  /** Ties an owner's session to the token it was opened with: a rotated token ends it. */
  readonly opened_with: string;
}

type SessionRuntime = Pick<Runtime, 'state' | 'clock' | 'ids' | 'ownerToken'>;

/** Opens a session of 30 days and returns its secret; only the secret's hash is stored. */
export async function startSession(runtime: SessionRuntime, viewer: Viewer): Promise<string> {
  const secret = runtime.ids.secret(32);
  const created = runtime.clock.now();
  const session: Session = { viewer, created_at: created, opened_with: sha256Hex(runtime.ownerToken) };
  const expiresAt = created + SESSION_DAYS * 86_400_000;
  await runtime.state.put('session', sha256Hex(secret), session, { expiresAt });
  return secret;
}

/** Who a session secret stands for; undefined when it is unknown, over or opened with an older owner token. */
export async function readSession(runtime: SessionRuntime, secret: string): Promise<Viewer | undefined> {
  const found = await runtime.state.get<Session>('session', sha256Hex(secret));
  if (found === undefined) return undefined;
  const { viewer, opened_with } = found.value;
  if (viewer.role === 'owner' && opened_with !== sha256Hex(runtime.ownerToken)) return undefined;
  return viewer;
}

/** Ends a session; an unknown one is no error. */
export async function endSession(runtime: { readonly state: State }, secret: string): Promise<void> {
  await runtime.state.delete('session', sha256Hex(secret));
}

/** True when this viewer may read that person's data. */
export function maySee(viewer: Viewer, userId: string): boolean {
  return viewer.role === 'owner' || viewer.userId === userId;
}
