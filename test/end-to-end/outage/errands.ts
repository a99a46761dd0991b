import { collect } from '../../../app/collect.ts';
import { backfill } from '../../../app/collect/backfill.ts';
import { collectNotices } from '../../../app/collect/notices.ts';
import { refreshDue } from '../../../app/refresh.ts';
import { transform } from '../../../app/transform.ts';
import { canBeAsked, dayOf } from '../kill/accounts.ts';
import { MINE, NOW_S, type World } from './world.ts';

const DAY_S = 86_400;

/** Something the product does, during which a part goes away. */
export interface Errand {
  /** What the providers hold before it begins, Unix seconds. */
  readonly knownUntilS: number;
  /** Whether the person is connected before it begins. */
  readonly connected: boolean;
  readonly do: (world: World) => Promise<unknown>;
}

const HELD = { knownUntilS: NOW_S, connected: true } as const;

export const ERRANDS: Readonly<Record<string, Errand>> = {
  connect: {
    knownUntilS: NOW_S,
    connected: false,
    async do({ connect }) {
      for (const account of MINE) await connect(account);
    },
  },
  refresh: {
    ...HELD,
    async do({ runtime, clock }) {
      clock.advance(20 * 60_000);
      return refreshDue(runtime);
    },
  },
  notice: {
    knownUntilS: NOW_S - 3 * DAY_S,
    connected: true,
    async do({ runtime, providers }) {
      await providers.release(NOW_S);
      return collectNotices(runtime);
    },
  },
  fetch: { ...HELD, do: ({ runtime }) => collect(runtime, { days: 7 }) },
  backfill: {
    ...HELD,
    async do({ runtime, userId }) {
      const range = { from: dayOf(NOW_S - 60 * DAY_S), to: dayOf(NOW_S), userId };
      for (const { provider } of MINE.filter(canBeAsked)) await backfill(runtime, { ...range, provider });
    },
  },
  batch: {
    ...HELD,
    async do({ runtime }) {
      await collect(runtime, { days: 5 });
      return transform(runtime);
    },
  },
};
