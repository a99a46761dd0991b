import { sha256Hex } from './keys.ts';
import type { User } from './people.ts';
import type { Runtime } from './runtime.ts';

export const INVITE_DAYS = 7;

interface Invite {
  readonly user_id: string;
}

/** Makes a link of seven days that signs a person in once; only the hash of its secret is kept. */
export async function invite(
  runtime: Pick<Runtime, 'state' | 'clock' | 'ids' | 'publicUrl'>,
  user: Pick<User, 'user_id'>,
): Promise<{ readonly url: string; readonly expires_at: string }> {
  const secret = runtime.ids.secret(32);
  const expiresAt = runtime.clock.now() + INVITE_DAYS * 86_400_000;
  const value: Invite = { user_id: user.user_id };
  await runtime.state.put('invite', sha256Hex(secret), value, { expiresAt });
  return { url: `${runtime.publicUrl}/join/${secret}`, expires_at: new Date(expiresAt).toISOString() };
}

/** Whether an invitation is still good. Looking uses nothing up: mail programs look too. */
export async function isInvited(runtime: Pick<Runtime, 'state'>, secret: string): Promise<boolean> {
  return (await runtime.state.get<Invite>('invite', sha256Hex(secret))) !== undefined;
}

/** Uses an invitation up; answers whose it was, undefined when it is over, unknown, or somebody was first. */
export async function consumeInvite(runtime: Pick<Runtime, 'state'>, secret: string): Promise<string | undefined> {
  const found = await runtime.state.get<Invite>('invite', sha256Hex(secret));
  if (found === undefined) return undefined;
  const taken = await runtime.state.delete('invite', found.id, { expect: found.version });
  return taken.ok ? found.value.user_id : undefined;
}
