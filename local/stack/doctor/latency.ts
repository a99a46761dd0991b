import * as z from 'zod';
import { type Check, type Checked, checked, type Finding } from '../../../app/doctor/check.ts';
import type { Clock } from '../../../ports/clock/clock.ts';
import { providers } from '../../../providers/index.ts';
import type { Provider } from '../../../providers/kit/provider.ts';

const delivery = z.object({ url: z.url(), headers: z.record(z.string(), z.string()), body: z.string() });

/** What `POST /api/v1/doctor/selftest` answers. */
export const deliveriesAnswer = z.object({ deliveries: z.array(delivery) });
export type Deliveries = z.infer<typeof deliveriesAnswer>['deliveries'];

/** Nobody waits longer, the most patient provider included. */
const LONGEST_MS = 35_000;
const TAKEN: Pick<Check<never>, 'id' | 'required'> = { id: 'deliveries', required: true };
const IN_TIME: Pick<Check<never>, 'id' | 'required'> = { id: 'deadline', required: false };

interface Sent {
  readonly ms: number;
  /** HTTP status; 0 where none came. */
  readonly status: number;
}

/** Sends deliveries one after the other, as a provider would, and compares how long each answer took with what providers wait. */
export async function measureDeliveries(
  deliveries: Deliveries,
  clock: Pick<Clock, 'now'>,
): Promise<readonly Checked[]> {
  const sent: Sent[] = [];
  for (const one of deliveries) {
    sent.push(await send(one, clock));
    // Nobody answers there: nineteen more would only wait.
    if (sent.at(-1)?.status === 0) break;
  }
  const [first, ...others] = sent;
  const refused = sent.find(({ status }) => status < 200 || status > 299);
  if (first === undefined || refused !== undefined) return [checked(TAKEN, refusal(refused, deliveries))];
  const warm = others.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const slowest = Math.max(first.ms, ...warm);
  const detail =
    `${sent.length} signed deliveries were acknowledged: the first in ${first.ms} ms, the others in ` +
    `${warm[Math.floor(warm.length / 2)] ?? 0} ms (median), at most ${warm.at(-1) ?? 0} ms; the way from here included.`;
  return [
    checked(TAKEN, { ok: true, detail }),
    ...deadlines().map((one) => checked(IN_TIME, compare(one, first.ms, warm.at(-1) ?? 0, slowest))),
  ];
}

async function send({ url, headers, body }: Deliveries[number], clock: Pick<Clock, 'now'>): Promise<Sent> {
  const began = clock.now();
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    await answer.arrayBuffer();
    return { ms: Math.round(clock.now() - began), status: answer.status };
  } catch {
    return { ms: Math.round(clock.now() - began), status: 0 };
  }
}

function refusal(refused: Sent | undefined, [one]: Deliveries): Finding {
  const where = one === undefined ? 'the server' : new URL(one.url).host;
  if (refused === undefined)
    return { ok: false, detail: 'The server gave no deliveries to send.', remedy: 'See that its version is this one.' };
  const { status } = refused;
  if (status === 0)
    return {
      ok: false,
      detail: `Nobody answers a delivery at ${where}, the address providers are told.`,
      remedy: 'See that it leads to the server from outside too: name, certificate, tunnel or proxy.',
    };
  return { ok: false, detail: `A signed delivery to ${where} was answered ${status}.`, remedy: remedyOf(status) };
}

function remedyOf(status: number): string {
  if (status === 401)
    return 'See that the clocks agree and that all of the server has one ingest secret: start it again.';
  if (status === 429) return 'AWS throttles: see Lambda’s quota of concurrent executions (a new account has ten).';
  return 'docs/operations.md#a-function-failed says where its log is.';
}

interface Deadline {
  readonly id: string;
  readonly name: string;
  readonly withinMs: number;
}

/** Providers whose documents say how long they wait, the strictest first. */
function deadlines(): readonly Deadline[] {
  const all: readonly Provider[] = Object.values(providers);
  return all
    .flatMap(({ id, name, webhook }) =>
      webhook?.answerWithinMs === undefined ? [] : [{ id, name, withinMs: webhook.answerWithinMs }],
    )
    .toSorted((a, b) => a.withinMs - b.withinMs);
}

function compare({ id, name, withinMs }: Deadline, firstMs: number, warmMs: number, slowestMs: number): Finding {
  const waits = `${name} waits ${withinMs / 1000} s`;
  if (slowestMs <= withinMs) return { ok: true, of: id, detail: `${waits}; the slowest answer took ${slowestMs} ms.` };
  const remedy =
    'docs/operations.md#deliveries-are-acknowledged-late; what is late is sent again, and nothing is lost.';
  const isColdOnly = warmMs <= withinMs && firstMs > withinMs;
  const what = isColdOnly ? `the first answer, after a pause, took ${firstMs} ms` : `an answer took ${slowestMs} ms`;
  return { ok: false, of: id, detail: `${waits}; ${what}.`, remedy };
}
