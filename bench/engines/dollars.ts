import { callerSeconds, glueSeconds } from '../../infra/cost/load.ts';
import { type Price, prices } from '../../infra/cost/prices.ts';
import { stackKeys } from '../../infra/keys.ts';
import { CALLER_UNITS, shapes } from '../../infra/shapes.ts';
import type { Cost } from './group.ts';

// List prices of what computes, from where docs/cost.md has them. Requests and storage come to any engine alike and are left out.

const listed = ({ usd, per }: Price, quantity: number): number => (usd * quantity) / per;

type Seconds = Pick<Cost, 'seconds' | 'processorSeconds'>;

/** Seconds of a function with one processor: two here have done in one second what takes it two. */
export const functionSeconds = ({ seconds, processorSeconds }: Seconds): number => Math.max(seconds, processorSeconds);

/** Dollars of a call of the function that computes. */
export function functionDollars(cost: Seconds): number {
  return listed(prices.computing, (functionSeconds(cost) * shapes.transform.memoryMb) / 1024);
}

/** The same with the job of the workflow that waits for it. */
export function smallDollars(cost: Seconds): number {
  const hours = callerSeconds(functionSeconds(cost)) / 3600;
  return functionDollars(cost) + listed(prices.caller, hours * CALLER_UNITS);
}

/** Dollars of Spark jobs one after the other, each paid for a minute at least; a worker G.1X is one unit. */
export function sparkDollars(jobs: readonly Pick<Cost, 'seconds'>[]): number {
  const { workers } = stackKeys.parse({});
  const hours = jobs.reduce((sum, { seconds }) => sum + glueSeconds(seconds) / 3600, 0);
  return listed(prices.spark, hours * workers);
}
