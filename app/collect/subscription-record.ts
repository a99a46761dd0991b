import { DAY_MS, HOUR_MS, type CollectRuntime } from './runtime.ts';

/** What is known of the subscriptions of a provider's app, or of one account of it. */
export interface SubscriptionRecord {
  /** Unix ms. */
  readonly checkedAt: number;
  /** The end of the one that ends first, Unix ms; null when none ends by itself. */
  readonly expiresAt: number | null;
  /** Keys that should be there and are not. */
  readonly missing: readonly string[];
  /** In words; null while all is well. */
  readonly problem: string | null;
}

const KIND = 'subscription';

/** Whether it is time to look at a set again. */
export async function isDue({ state, clock }: Pick<CollectRuntime, 'state' | 'clock'>, id: string): Promise<boolean> {
  const record = (await state.get<SubscriptionRecord>(KIND, id))?.value;
  if (record === undefined) return true;
  return clock.now() - record.checkedAt >= (record.problem === null ? DAY_MS : HOUR_MS);
}

export async function writeRecord(
  { state, clock }: Pick<CollectRuntime, 'state' | 'clock'>,
  id: string,
  known: Omit<SubscriptionRecord, 'checkedAt'>,
): Promise<SubscriptionRecord> {
  const record: SubscriptionRecord = { checkedAt: clock.now(), ...known };
  await state.put(KIND, id, record);
  return record;
}
