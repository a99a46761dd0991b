import { resumeForgetting } from '../app/forget.ts';
import type { LocalRuntime } from './runtime.ts';
import { createPremises } from './premises.ts';

/** Goes on with what a crash or a silent provider left of forgetting somebody. */
export async function continueForgetting(runtime: LocalRuntime): Promise<void> {
  await resumeForgetting(runtime, createPremises(runtime.dataDir));
}
