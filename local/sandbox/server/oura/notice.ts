import { createHmac } from 'node:crypto';
import type { Change } from '../horizon.ts';
import type { Notice } from '../simulation.ts';
import type { World } from '../world.ts';
import type { Subscription, Subscriptions } from './subscription.ts';

interface Event {
  readonly event_type: string;
  readonly data_type: string;
  readonly object_id: string;
  readonly event_time: string;
  readonly user_id: string;
}

/** Events about changes, of everybody who granted something, to the one app. */
export function noticesOf(world: World, changes: readonly Change[], subscriptions: Subscriptions): readonly Notice[] {
  const rows = new Map(subscriptions.running().map((row) => [`${row.event_type}/${row.data_type}`, row]));
  const known = new Set(world.ledger.grants('oura').map(({ externalId }) => externalId));
  return changes.flatMap(({ event, record, holding, atS }) => {
    const row = rows.get(`${event}/${record.type}`);
    if (row === undefined || !known.has(holding.externalId)) return [];
    const told = { event_type: event, data_type: record.type, object_id: record.id, event_time: timeOf(atS) };
    return [noticeOf(world, row, { ...told, user_id: holding.externalId }, () => subscriptions.drop(row.id))];
  });
}

const timeOf = (s: number): string => new Date(s * 1000).toISOString().replace(/\.\d+Z$/, '+00:00');

/** An event, signed with the client's secret at the time of sending. */
export function noticeOf(world: World, { callback_url: url }: Subscription, event: Event, onGone?: () => void): Notice {
  const secret = world.options.credentials['oura']?.clientSecret ?? '';
  return {
    provider: 'oura',
    account: event.user_id,
    name: `${event.event_type} ${event.data_type} ${event.object_id} ${event.event_time}`,
    body: JSON.stringify(event),
    make: ({ body, atMs, wrong }) => {
      const timestamp = String(Math.floor(atMs / 1000));
      const key = wrong ? `${secret} of somebody else` : secret;
      return {
        url,
        headers: {
          'content-type': 'application/json',
          'x-oura-timestamp': timestamp,
          'x-oura-signature': createHmac('sha256', key).update(`${timestamp}${body}`).digest('hex').toUpperCase(),
        },
      };
    },
    ...(onGone === undefined ? {} : { onGone }),
  };
}

/** An event about data nobody has heard of. */
export function riddleOf(world: World, userId: string, subscriptions: Subscriptions): Notice | undefined {
  const [row] = subscriptions.running();
  const event = { event_type: 'create', data_type: 'daily_moonlight', object_id: '5d3fe17b-moon' };
  const event_time = timeOf(Math.floor(world.options.clock.now() / 1000));
  return row && noticeOf(world, row, { ...event, event_time, user_id: userId });
}
