import { findProvider } from '../../providers/index.ts';
import type { SubscriptionRecord } from '../collect/subscription-record.ts';
import type { Runtime } from '../runtime.ts';
import { sourceName } from '../source-name.ts';
import { everyRecord } from '../tie.ts';
import type { Check, Finding } from './check.ts';
import { names } from './names.ts';

const DAY_MS = 86_400_000;
/** Where a provider's file says nothing of renewal. */
const SOON_DAYS = 3;

/** The subscriptions as they were when the provider was last asked: all there, none near its end. */
export const subscriptions: Check<Pick<Runtime, 'state' | 'clock'>> = {
  id: 'subscription',
  required: false,
  async run({ state, clock }) {
    const records = await state.list<SubscriptionRecord>('subscription');
    const connections = await everyRecord(state);
    const nameOf = await names({ state });
    return records.map(({ id, value }): Finding => {
      const { expiresAt, missing, problem } = value;
      const leftDays = expiresAt === null ? Infinity : (expiresAt - clock.now()) / DAY_MS;
      const of = id.replace('/', '.');
      const [provider = '', connectionId] = id.split('/');
      const holder = connections.find((one) => one.connection_id === connectionId);
      const whose = `Notices of ${sourceName(provider)}${holder === undefined ? '' : ` for ${nameOf(holder.user_id).told}`}`;
      const renewal = findProvider(provider)?.subscribe?.renew?.beforeDays ?? SOON_DAYS;
      const bad = [
        ...(missing.length === 0 ? [] : [`${missing.join(', ')} not subscribed`]),
        ...(leftDays <= 0 ? ['ended'] : leftDays < renewal ? [`ends in ${Math.floor(leftDays)} days`] : []),
        ...(problem === null ? [] : [problem]),
      ];
      if (bad.length === 0) return { ok: true, of, detail: `${whose} are subscribed.` };
      const remedy =
        'A running server tries again every hour; see that wellspring serve runs at a public https address.';
      return { ok: false, of, detail: `${whose}: ${bad.join('; ')}.`, remedy };
    });
  },
};
