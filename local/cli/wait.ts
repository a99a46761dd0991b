import type { Wait } from '../../app/lease.ts';

const DOING: Readonly<Record<string, string>> = {
  batch: 'works on the tables',
  forget: 'forgets somebody',
  facts: 'changes people or connections',
  collect: 'fetches for the same connection',
};

/** Says what a command waits for, as one line: `Waiting for process 4711, which works on the tables …`. */
export function waitText({ lease, holder }: Wait): string {
  const [kind = ''] = lease.split('/');
  return `Waiting for ${holder}, which ${DOING[kind] ?? 'works on the same'} …`;
}
