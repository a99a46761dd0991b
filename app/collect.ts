import type { Provider } from '../providers/kit/provider.ts';
import { clearMarks } from './collect/mark.ts';
import { type Hold, holding } from './collect/hold.ts';
import { look, streamsOf } from './collect/look.ts';
import { noCollect } from './collect/no-collect.ts';
import { type CollectReport, collectReport, type StreamReport } from './collect/report.ts';
import type { CollectRuntime, Patience } from './collect/runtime.ts';
import { refreshed, type Source, sources } from './collect/source.ts';
import { checkMetric } from './collect/metric.ts';
import { WellspringError } from './errors.ts';
import { providerNamed } from './provider.ts';

/** What to look for: everything of everybody where nothing is said. */
export interface CollectRequest extends Patience {
  readonly provider?: string | undefined;
  readonly userId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly metric?: string | undefined;
  /** Local days, today's among them; the look-back when absent. */
  readonly days?: number | undefined;
  /** Asks again at once for what was refused within the last day: something may have been granted since. */
  readonly afresh?: boolean;
  /** Hears each connection before it is asked. */
  readonly onProgress?: ((source: Pick<Source, 'provider' | 'connection'>) => void) | undefined;
}

/** How long a look somebody asked for waits for one that runs already. */
const WAIT_MS = 60_000;
/** And for a place within the provider's limits: the usual window is a minute, and slides. */
const PLACE_MS = 90_000;

/**
 * Fetches now what the providers have of the last days; what fails is noted and comes by itself. Throws `unknown_provider`,
 * `no_collect` where the provider offers nothing to fetch, `not_connected` where nobody asked for is connected.
 */
export async function collect(runtime: CollectRuntime, request: CollectRequest = {}): Promise<CollectReport> {
  const chosen = await choose(runtime, request);
  const { days = runtime.lookbackDays, metric, signal, maxWaitMs = PLACE_MS } = request;
  const reports: StreamReport[] = [];
  const busy: string[] = [];
  for (const source of chosen) {
    if (signal?.aborted === true) break;
    const { connection_id: id } = source.connection;
    request.onProgress?.(source);
    const work = async (hold: Hold): Promise<readonly StreamReport[]> => {
      const now = await refreshed(runtime, source);
      if (now === undefined) return [];
      if (request.afresh === true) await clearMarks(runtime, id);
      return look(runtime, now, { days, metric }, { signal, maxWaitMs, force: true, ...hold });
    };
    const looked = await holding(runtime, id, { waitMs: WAIT_MS, signal }, work);
    if (looked === undefined) busy.push(id);
    reports.push(...(looked ?? []));
  }
  return collectReport(reports, busy);
}

/** The connections a request is about; throws what `collect` throws. */
export async function choose(
  runtime: CollectRuntime,
  request: Pick<CollectRequest, 'provider' | 'userId' | 'connectionId' | 'metric'>,
): Promise<readonly Source[]> {
  const provider = request.provider === undefined ? undefined : providerNamed(request.provider);
  if (provider !== undefined && !isAsked(provider)) throw noCollect(provider);
  if (request.metric !== undefined) checkMetric(request.metric, provider);
  const chosen = (await sources(runtime)).filter(
    (source) =>
      (provider === undefined || source.provider.id === provider.id) &&
      (request.userId === undefined || source.connection.user_id === request.userId) &&
      (request.connectionId === undefined || source.connection.connection_id === request.connectionId) &&
      source.connection.kind === 'oauth' &&
      streamsOf(source, request.metric).length > 0,
  );
  if (chosen.length > 0 || (provider === undefined && request.userId === undefined)) return chosen;
  throw new WellspringError({
    code: 'not_connected',
    message: 'Nothing that could be fetched is connected.',
    remedy: 'wellspring status shows what is connected; wellspring connect <provider> --user <name> connects more.',
    status: 404,
    exit: 2,
  });
}

/** One that sends everything itself, old days too, is not asked for what is new. */
function isAsked({ collect: door }: Provider): boolean {
  return door !== undefined && door.streams.length > 0 && door.requestBackfill === undefined;
}
