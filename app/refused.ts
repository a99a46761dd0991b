import { utcDate } from './keys.ts';
import type { Runtime } from './runtime.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Removes verified but unreadable deliveries of which every one has waited seven days; answers how many. */
export async function dropRefused({ objects, clock }: Pick<Runtime, 'objects' | 'clock'>): Promise<number> {
  const kept = `refused/${utcDate(clock.now() - WEEK_MS)}`;
  const old: string[] = [];
  for await (const { key } of objects.list('refused/')) {
    if (key >= kept) break;
    old.push(key);
  }
  for (const key of old) await objects.delete(key);
  return old.length;
}
