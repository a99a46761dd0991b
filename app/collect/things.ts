import type { Stream } from '../../providers/kit/collect.ts';
import { isDay } from '../days.ts';
import { ask } from './ask.ts';
import { type Fetching, fetchStream } from './fetch.ts';
import type { Mark } from './mark.ts';
import type { StreamReport } from './report.ts';
import { retract } from './retraction.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { type Days, lastDays } from './window.ts';

export interface Things {
  readonly reports: readonly StreamReport[];
  /** Ids whose answer is still missing. */
  readonly left: ReadonlySet<string>;
}

/** Why a stream is left alone for a day only. */
const RESTING = ['not_allowed', 'door_closed', 'request_refused'] as const satisfies readonly Mark['cause'][];

/**
 * Fetches things of one stream that a notice names by id only. The look-back brings most of them in one request; only the ids no page of it
 * holds are located one by one, and their days fetched. What the provider does not know any more is deleted.
 */
export async function fetchThings(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  ids: ReadonlySet<string>,
  days: readonly Days[],
  fetching: Fetching,
): Promise<Things> {
  const unseen = new Set(ids);
  const onPage = (text: string): void => {
    for (const id of unseen) if (text.includes(JSON.stringify(id))) unseen.delete(id);
  };
  const recent = lastDays(runtime.clock.now(), source.zone, runtime.lookbackDays);
  const first = await fetchStream(runtime, source, stream, [recent, ...days], { ...fetching, onPage });
  if (isOpen(first)) return { reports: [first], left: unseen };
  if (first.outcome === 'skipped' || stream.locate === undefined) return { reports: [first], left: new Set() };
  const { found, gone, left } = await locate(runtime, source, stream, unseen, fetching);
  await retract(runtime, source, gone);
  if (found.length === 0) return { reports: [first], left };
  // Their days are noted now, whatever became of them.
  const second = await fetchStream(runtime, source, stream, found, fetching);
  return { reports: [first, second], left: isTakenOver(second) ? unseen : left };
}

/** What is not answered yet may hold any of the things; days that were missed are known not to for now. */
function isOpen({ outcome, reason }: StreamReport): boolean {
  if (outcome === 'later') return reason === 'later' || reason === 'taken_over';
  return outcome === 'skipped' && RESTING.some((cause) => cause === reason);
}

/** Nothing was noted of what it wanted. */
export function isTakenOver({ reason }: StreamReport): boolean {
  return reason === 'taken_over';
}

async function locate(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  ids: ReadonlySet<string>,
  fetching: Fetching,
) {
  const { provider } = source;
  const found: Days[] = [];
  const gone: { readonly type: string; readonly id: string; readonly atMs: number }[] = [];
  const left = new Set<string>();
  for (const id of ids) {
    const request = stream.locate?.request(id);
    if (request === undefined || !(await fetching.renew())) {
      left.add(id);
      continue;
    }
    const atMs = runtime.clock.now();
    const asked = await ask(runtime, source, (bearer) => runtime.egress.send(provider, request, { bearer }), fetching);
    if (asked.ok) {
      const day = stream.locate?.read(asked.json);
      if (day !== undefined && isDay(day)) found.push({ from: day, to: day });
      else {
        runtime.counters?.count(provider.id, 'locate_unreadable');
        if (stream.locate?.answer?.safeParse(asked.json).success === false) left.add(id);
      }
    } else if (asked.kind === 'door_closed') gone.push({ type: stream.type, id, atMs });
    else if (asked.kind === 'later' || asked.kind === 'ended') left.add(id);
    else runtime.counters?.count(provider.id, `locate_${asked.kind}`);
  }
  return { found, gone, left };
}
