import { findProvider } from '../../providers/index.ts';
import type { SubscriptionRecord } from '../collect/subscription-record.ts';
import type { Runtime } from '../runtime.ts';
import type { Check, Finding } from './check.ts';

const DAY_MS = 86_400_000;
/** Where a provider's file says nothing of renewal. */
const SOON_DAYS = 3;

/** The subscriptions as they were when the provider was last asked: all there, none near its end. */
export const subscriptions: Check<Pick<Runtime, 'state' | 'clock'>> = {
  id: 'subscription',
  required: false,
  async run({ state, clock }) {
    const records = await state.list<SubscriptionRecord>('subscription');
    return records.map(({ id, value }): Finding => {
      const { expiresAt, missing, problem } = value;
      const leftDays = expiresAt === null ? Infinity : (expiresAt - clock.now()) / DAY_MS;
      const of = id.replace('/', '.');
      const renewal = findProvider(id.split('/')[0] ?? '')?.subscribe?.renew?.beforeDays ?? SOON_DAYS;
      const bad = [
        ...(missing.length === 0 ? [] : [`${missing.join(', ')} not subscribed`]),
        ...(leftDays <= 0 ? ['ended'] : leftDays < renewal ? [`ends in ${Math.floor(leftDays)} days`] : []),
        ...(problem === null ? [] : [problem]),
      ];
      if (bad.length === 0) return { ok: true, of, detail: `Notices of ${id} are subscribed.` };
      const remedy =
        'A running server tries again every hour; see that wellspring serve runs at a public https address.';
      return { ok: false, of, detail: `Notices of ${id}: ${bad.join('; ')}.`, remedy };
    });
  },
};
