import type { CollectRuntime } from '../collect/runtime.ts';
import type { Runtime } from '../runtime.ts';

/** What forgetting needs: everything a person leaves traces in. */
export type ForgetRuntime = CollectRuntime &
  Pick<Runtime, 'engine' | 'warehouse' | 'mailbox'> & {
    /** Comes shortly before whoever called has no more time; what is not finished then is left to the next round. */
    readonly signal?: AbortSignal | undefined;
  };
