import { utcDate } from './keys.ts';
import type { Runtime } from './runtime.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Verified but unreadable deliveries, and those of the self-test. */
const PREFIXES = ['refused', 'selftest'] as const;

/** Removes what nothing reads of which every one has waited seven days; answers how many. */
export async function dropRefused({ objects, clock }: Pick<Runtime, 'objects' | 'clock'>): Promise<number> {
  const old: string[] = [];
  for (const prefix of PREFIXES) {
    const kept = `${prefix}/${utcDate(clock.now() - WEEK_MS)}`;
    for await (const { key } of objects.list(`${prefix}/`)) {
      if (key >= kept) break;
      old.push(key);
    }
  }
  for (const key of old) await objects.delete(key);
  return old.length;
}
