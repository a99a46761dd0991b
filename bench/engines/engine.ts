import type { Cloud } from './cloud.ts';
import type { Cost, Ended } from './group.ts';
import type { Taken } from './taken.ts';

/** What an engine is given for one batch. */
export interface Given {
  readonly taken: Taken;
  /** An empty directory of its own. */
  readonly scratch: string;
  /** Where the batch is stored, too; undefined where nothing plays AWS. */
  readonly cloud: Cloud | undefined;
  /** Each of its processes is killed after so long. */
  readonly mostSeconds: number;
}

/** What a batch took, or why there are no figures of it. */
export type Result =
  | { readonly cost: Cost; readonly usd?: number }
  /** `refused`: it says that the batch is too large for it; anything else is a failure of the benchmark. */
  | { readonly why: string; readonly refused: boolean };

export interface Engine {
  readonly name: string;
  /** The engine with no program of ours on it. */
  readonly bare: Engine | undefined;
  /** Undefined when everything it needs is there. */
  readonly lacks: () => string | undefined;
  readonly run: (given: Given) => Promise<Result>;
}

/** What a child printed behind `=> `, as JSON; undefined when it did not get that far. */
export function saidBy({ stdout }: Pick<Ended, 'stdout'>): unknown {
  const line = stdout.split('\n').find((one) => one.startsWith('=> '));
  return line === undefined ? undefined : JSON.parse(line.slice(3));
}

/** The last words of a command that failed, those about an error rather than others. */
export function failure({ code, stdout, stderr, seconds }: Ended, mostSeconds: number): Result {
  if (seconds >= mostSeconds) return { why: `stopped after ${(mostSeconds / 60).toFixed(0)} min`, refused: false };
  const lines = [...stdout.trim().split('\n'), ...stderr.trim().split('\n')];
  const errors = lines.filter((line) => /error|exception/i.test(line));
  const last = (errors.length > 0 ? errors : lines).slice(-2).join(' ').slice(-300);
  return { why: `failed with ${code}: ${last}`, refused: false };
}
