import type { Runtime } from '../runtime.ts';
import { sha256Hex } from '../keys.ts';

const SHOWN_MS = 60 * 60_000;

interface Made {
  /** Hash of the cookie of the browser it was made in. */
  readonly browser: string;
}

/** Notes in which browser a connection was made; `browser` is the hash of its cookie. */
export async function rememberBrowser(
  { state, clock }: Pick<Runtime, 'state' | 'clock'>,
  connectionId: string,
  browser: string,
): Promise<void> {
  const made: Made = { browser };
  await state.put('made', connectionId, made, { expiresAt: clock.now() + SHOWN_MS });
}

/** Whether this browser made the connection within the hour: it may see its page without being signed in. */
export async function madeHere(
  runtime: Pick<Runtime, 'state'>,
  connectionId: string,
  browser: string,
): Promise<boolean> {
  const made = await runtime.state.get<Made>('made', connectionId);
  return made?.value.browser === sha256Hex(browser);
}
