import type { HeldRecord } from '../../holding.ts';
import type { World } from '../world.ts';

const DAY_S = 86_400;

export const error = (status: 400 | 401 | 403 | 404 | 409 | 410 | 429 | 500, errorMessage: string): Response =>
  Response.json({ errorMessage }, { status });

/** Addresses in pings: each is good for one answer about one account, one type and one window of upload. */
export interface Callbacks {
  /** The address as Garmin writes it, whatever host it is played on. */
  issue(externalId: string, type: string, records: readonly HeldRecord[]): string;
  /** The records behind a token, undefined when there are none; `close` ends the token. */
  open(token: string, type: string): { readonly records: readonly HeldRecord[]; close(): void } | 'spent' | undefined;
}

export function createCallbacks(world: World): Callbacks {
  const draws = world.options.chance.fork('garmin callbacks');
  const tokens = new Map<string, { readonly type: string; readonly records: readonly HeldRecord[]; spent: boolean }>();
  return {
    issue(externalId, type, records) {
      const token = draws.fork(externalId).hex(8) + draws.hex(32);
      tokens.set(token, { type, records, spent: false });
      const times = records.map(({ knownAtS }) => knownAtS);
      const from = Math.min(...times);
      // An upload window is a day at most.
      const to = Math.min(Math.max(...times), from + DAY_S);
      return `https://apis.garmin.com/wellness-api/rest/${type}?uploadStartTimeInSeconds=${from}&uploadEndTimeInSeconds=${to}&token=${token}`;
    },
    open(token, type) {
      const held = tokens.get(token);
      if (held === undefined || held.type !== type) return undefined;
      return held.spent ? 'spent' : { records: held.records, close: () => void (held.spent = true) };
    },
  };
}

/** Paths of the backfill that are not called as the lists they fill. */
const LISTS: Readonly<Record<string, string>> = {
  pulseOx: 'pulseox',
  respiration: 'allDayRespiration',
  moveiq: 'moveIQActivities',
};
const TYPES: ReadonlySet<string> = new Set(
  (
    'dailies epochs sleeps bodyComps stressDetails userMetrics pulseOx respiration healthSnapshot hrv bloodPressures ' +
    'skinTemp activities activityDetails moveiq mct'
  ).split(' '),
);
const MONTH_S = 30 * DAY_S;
const LONGEST_S = 90 * DAY_S;
/** Of the Activity API, whose windows are a month at most. */
const ACTIVITIES: ReadonlySet<string> = new Set(['activities', 'activityDetails', 'moveiq']);

/** Requests for old data: the same window once, and nothing from further back than a month before the first consent. */
export function createBackfill(): (asked: {
  readonly externalId: string;
  readonly path: string;
  readonly fromS: number;
  readonly toS: number;
  readonly firstS: number;
  readonly mayExport: boolean;
}) => { readonly refused: Response } | { readonly list: string } {
  const done = new Set<string>();
  return ({ externalId, path, fromS, toS, firstS, mayExport }) => {
    if (!TYPES.has(path)) return { refused: error(404, `Unknown summary type ${path}`) };
    const longestS = ACTIVITIES.has(path) ? MONTH_S : LONGEST_S;
    if (!(fromS < toS) || toS - fromS > longestS) return { refused: error(400, 'The range is not valid') };
    if (!mayExport) return { refused: error(403, 'The user did not allow HISTORICAL_DATA_EXPORT') };
    const earliestS = firstS - MONTH_S;
    if (fromS < earliestS) return { refused: error(400, `The minimum start time is ${earliestS}`) };
    const window = `${externalId} ${path} ${fromS} ${toS}`;
    if (done.has(window)) return { refused: error(409, 'This range was asked for already') };
    done.add(window);
    return { list: LISTS[path] ?? path };
  };
}
