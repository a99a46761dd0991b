import type { HeldRecord } from '../../holding.ts';
import type { Change } from '../horizon.ts';
import type { Notice } from '../simulation.ts';
import type { World } from '../world.ts';
import type { Callbacks } from './wellness.ts';

export interface Pings {
  /** The address of the portal, set by hand there; nothing is sent without one. */
  endpoint: string | undefined;
  about(changes: readonly Change[]): readonly Notice[];
  old(externalId: string, list: string, records: readonly HeldRecord[]): readonly Notice[];
  make(externalId: string, name: string, body: object): Notice | undefined;
}

const DAY_S = 86_400;

/** Pings: addresses to fetch from, one per account, type and day of upload. The data themselves are pushed by nobody here. */
export function createPings(world: World, callbacks: Callbacks): Pings {
  const client = world.options.credentials['garmin'];

  function ping(externalId: string, list: string, records: readonly HeldRecord[]): readonly Notice[] {
    const days = grouped(records, ({ knownAtS }) => Math.floor(knownAtS / DAY_S));
    return days.flatMap((day) => {
      const callbackURL = callbacks.issue(externalId, list, day);
      return pings.make(externalId, `${list} ${day[0]?.id}`, { [list]: [{ userId: externalId, callbackURL }] }) ?? [];
    });
  }

  const pings: Pings = {
    endpoint: undefined,
    about(changes) {
      const known = new Set(world.ledger.grants('garmin').map(({ externalId }) => externalId));
      const told = changes.filter(({ event, holding }) => event !== 'delete' && known.has(holding.externalId));
      const lists = grouped(told, ({ holding, record }) => `${holding.externalId} ${record.type}`);
      return lists.flatMap((all) => {
        const [first] = all;
        if (first === undefined) return [];
        return ping(
          first.holding.externalId,
          first.record.type,
          all.map(({ record }) => record),
        );
      });
    },
    old: ping,
    make(externalId, name, body) {
      const url = pings.endpoint;
      if (url === undefined) return undefined;
      return {
        provider: 'garmin',
        account: externalId,
        name,
        body: JSON.stringify(body),
        make: ({ wrong }) => ({
          url: wrong ? url.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x')) : url,
          headers: {
            'content-type': 'application/json;charset=UTF-8',
            'user-agent': 'Garmin Health API',
            ...(client === undefined ? {} : { 'garmin-client-id': client.clientId }),
          },
        }),
      };
    },
  };
  return pings;
}

function grouped<T>(items: readonly T[], key: (item: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
