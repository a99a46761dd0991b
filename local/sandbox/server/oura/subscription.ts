import type { Context } from 'hono';
import * as z from 'zod';
import type { World } from '../world.ts';
import { problem } from './answer.ts';
import { DATA_TYPES } from './scope.ts';

const wanted = z.object({
  callback_url: z.url(),
  verification_token: z.string().min(1),
  event_type: z.enum(['create', 'update', 'delete']),
  data_type: z.enum(DATA_TYPES),
});

export interface Subscription {
  readonly id: string;
  readonly callback_url: string;
  readonly event_type: string;
  readonly data_type: string;
  /** ISO 8601, `+00:00`. */
  readonly expiration_time: string;
}

/** The subscriptions of the one app: a row for each kind of event and type of data. */
export interface Subscriptions {
  create(c: Context): Promise<Response>;
  change(c: Context, id: string): Promise<Response>;
  renew(id: string): Response;
  remove(id: string): Response;
  get(id: string): Response;
  list(): Response;
  /** Those that have not ended. */
  running(): readonly Subscription[];
  drop(id: string): void;
}

const DAY_MS = 86_400_000;
const LIFE_MS = 90 * DAY_MS;
const HANDSHAKE_MS = 10_000;
const NOWHERE = 'There is no such subscription.';

async function read(c: Context): Promise<z.infer<typeof wanted> | Response> {
  const asked = wanted.safeParse(await c.req.json().catch(() => undefined));
  return asked.success ? asked.data : problem(422, 'The subscription cannot be read.');
}

export function createSubscriptions(world: World): Subscriptions {
  const { clock, chance } = world.options;
  const draws = chance.fork('oura subscriptions');
  let rows: readonly Subscription[] = [];
  const uuid = (): string => [8, 4, 4, 4, 12].map((length) => draws.hex(length)).join('-');
  const end = (): string => new Date(clock.now() + LIFE_MS).toISOString().replace(/\.\d+Z$/, '+00:00');
  const running = (): readonly Subscription[] =>
    rows.filter(({ expiration_time: endsAt }) => Date.parse(endsAt) > clock.now());
  const put = (row: Subscription): Subscription => {
    rows = [...rows.filter(({ id }) => id !== row.id), row];
    return row;
  };

  /** The address has to show the challenge back. */
  async function isOurs({ callback_url, verification_token }: z.infer<typeof wanted>): Promise<boolean> {
    const challenge = draws.hex(24);
    const url = new URL(callback_url);
    url.search = new URLSearchParams({ verification_token, challenge }).toString();
    const answered = await world.fetch(url.href, { signal: AbortSignal.timeout(HANDSHAKE_MS) }).catch(() => undefined);
    const status = answered?.status ?? 0;
    world.log.add({ provider: 'oura', direction: 'out', what: 'challenge', status });
    const shown = z.object({ challenge: z.literal(challenge) });
    return status === 200 && shown.safeParse(await answered?.json().catch(() => undefined)).success;
  }

  return {
    async create(c) {
      const asked = await read(c);
      if (asked instanceof Response) return asked;
      const { callback_url, event_type, data_type } = asked;
      const there = (): boolean =>
        running().some((row) => row.event_type === event_type && row.data_type === data_type);
      if (there()) return problem(409, 'There is one for this event and type.');
      if (!(await isOurs(asked))) return problem(400, 'The address did not answer the challenge.');
      if (there()) return problem(409, 'There is one for this event and type.');
      return Response.json(put({ id: uuid(), callback_url, event_type, data_type, expiration_time: end() }), {
        status: 201,
      });
    },
    async change(c, id) {
      const asked = await read(c);
      if (asked instanceof Response) return asked;
      if (!rows.some((row) => row.id === id)) return problem(404, NOWHERE);
      if (!(await isOurs(asked))) return problem(400, 'The address did not answer the challenge.');
      const { callback_url, event_type, data_type } = asked;
      return Response.json(put({ id, callback_url, event_type, data_type, expiration_time: end() }));
    },
    renew(id) {
      const row = rows.find((one) => one.id === id);
      return row === undefined ? problem(404, NOWHERE) : Response.json(put({ ...row, expiration_time: end() }));
    },
    remove(id) {
      if (!rows.some((row) => row.id === id)) return problem(404, NOWHERE);
      rows = rows.filter((row) => row.id !== id);
      return new Response(null, { status: 204 });
    },
    get(id) {
      const row = rows.find((one) => one.id === id);
      return row === undefined ? problem(404, NOWHERE) : Response.json(row);
    },
    list: () => Response.json(running()),
    running,
    drop(id) {
      rows = rows.filter((row) => row.id !== id);
    },
  };
}
