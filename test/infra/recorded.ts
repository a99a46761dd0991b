import { beforeAll } from 'vitest';
import { recordStack, type Recording } from '../support/stack.ts';
import { STACKS } from '../support/stacks.ts';

export type StackName = keyof typeof STACKS;
export const STACK_NAMES: readonly StackName[] = ['minimal', 'everything', 'kms', 'spark'];
export type Recorded = (name: StackName) => Recording;

/** Records the stacks once for a test file: each is a process of seconds, one after another, because it wants a whole core. */
export function recordedStacks(): Recorded {
  const recordings = new Map<string, Recording>();
  beforeAll(async () => {
    for (const name of STACK_NAMES) recordings.set(name, await recordStack(STACKS[name]));
  }, 900_000);
  return (name) => {
    const found = recordings.get(name);
    if (found === undefined) throw new Error(`${name} was not recorded.`);
    if (found.refused !== undefined) throw new Error(found.refused.message);
    return found;
  };
}
