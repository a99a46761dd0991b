import type { Runtime } from '../runtime.ts';
import type { Check } from './check.ts';

const KIND = 'sweep';
const LAST = 'last';
/** Four times the time between two. */
const LONGEST_MS = 3_600_000;

interface Round {
  /** Unix ms. */
  readonly at: number;
}

/** Remembers that a round of the sweep ended now. */
export async function noteRound({ state, clock }: Pick<Runtime, 'state' | 'clock'>): Promise<void> {
  await state.put(KIND, LAST, { at: clock.now() } satisfies Round);
}

/** Whether the rounds of every 15 minutes are made: they find whatever no event told. */
export const round: Check<Pick<Runtime, 'state' | 'clock'>> = {
  id: 'sweep',
  required: false,
  async run({ state, clock }) {
    const last = await state.get<Round>(KIND, LAST);
    const remedy = 'A round begins every 15 minutes. When none does: docs/operations.md#the-sweep-does-not-run';
    if (last === undefined) return [{ ok: false, detail: 'No round of the sweep has ended yet.', remedy }];
    const minutes = Math.floor((clock.now() - last.value.at) / 60_000);
    const detail = `The last round of the sweep ended ${minutes} minutes ago.`;
    return [clock.now() - last.value.at <= LONGEST_MS ? { ok: true, detail } : { ok: false, detail, remedy }];
  },
};
