import { FLOW_MS } from '../../app/connect/flow.ts';
import { type Outcome, outcomeOf } from '../../app/connect/ticket.ts';
import { WellspringError } from '../../app/errors.ts';
import type { LocalRuntime } from '../runtime.ts';

const LOOK_MS = 500;

/** What became of a ticket's flow, as soon as something has; `timed_out` (exit 9) after ten minutes. Rejects when `signal` ends the wait. */
export async function awaitOutcome(
  { state, clock }: Pick<LocalRuntime, 'state' | 'clock'>,
  ticket: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const end = clock.now() + FLOW_MS;
  while (clock.now() < end) {
    const outcome = await outcomeOf({ state }, ticket);
    if (outcome !== null) return outcome;
    await clock.sleep(LOOK_MS, signal);
  }
  throw new WellspringError({
    code: 'timed_out',
    message: 'Nobody finished connecting within ten minutes.',
    remedy: 'Check that the server runs (wellspring serve) and run it again.',
    exit: 9,
  });
}
