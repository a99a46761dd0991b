import type { Context } from 'hono';
import type { FaultName } from '../fault.ts';
import { hangUp, type LineEnv } from './hang-up.ts';
import type { Grant } from './ledger.ts';
import type { Limit } from './limit.ts';
import type { ServedFault } from './paging.ts';
import type { World } from './world.ts';

/** How a provider's data API says what went wrong. */
export interface Dialect {
  readonly provider: string;
  readonly limit: Limit;
  /** The scope that is taken away where that is the fault: one whose loss the answers tell from a dead token. */
  readonly takenAway: string;
  readonly unauthorised: () => Response;
  readonly limited: (retryAfterS: number, limit: Limit, nowS: number) => Response;
  readonly failed: () => Response;
  /** An error in an answer of 200; undefined where the provider has no such answers. */
  readonly failedIn200?: () => Response;
}

/** A data request: `stream` tells it from others, without a token. */
export interface Asked {
  readonly stream: string;
  readonly serve: (grant: Grant, fault: ServedFault | undefined) => Response | Promise<Response>;
}

const TERMINAL = ['revoked_grant', 'reduced_scopes'] as const;
const BEFORE = ['rate_limited', 'server_error', 'error_in_200', 'not_json', 'stall'] as const;
const AFTER = ['truncated_body', 'reset_after_served', 'clock_skew'] as const;
const PAGES = ['looping_page', 'shrinking_page', 'renamed_field'] as const;
const RECOVERABLE = [...BEFORE, ...AFTER, ...PAGES];

const STALL_MS = 30_000;
const PAUSE_S = 2;
/** Within what a careful reader of clocks puts up with. */
const SKEW_S = 90;

/** Answers a data request as the provider does: token, rate limit, and whatever goes wrong today. */
export async function answer(c: Context<LineEnv>, world: World, dialect: Dialect, asked: Asked): Promise<Response> {
  const { provider, limit } = dialect;
  const what = `${c.req.method} ${asked.stream}`;
  const logged = (response: Response, fault?: FaultName, status = response.status): Response => {
    world.log.add({ provider, direction: 'in', what, status, fault });
    return response;
  };
  const grant = world.ledger.bearer(provider, bearerOf(c));
  if (grant === undefined) return logged(dialect.unauthorised());
  const nowS = Math.floor(world.options.clock.now() / 1000);
  const place = limit.take();
  if (!place.ok) return logged(dialect.limited(place.retryAfterS, limit, nowS));

  const account = `${provider}/${grant.externalId}`;
  const end = world.trouble.pick(TERMINAL, account);
  if (end === 'revoked_grant') grant.revoked = true;
  if (end === 'reduced_scopes') grant.scopes = grant.scopes.filter((scope) => scope !== dialect.takenAway);
  if (grant.revoked) return logged(dialect.unauthorised(), end);

  const fault = world.trouble.pick(RECOVERABLE, `${account} ${what}`);
  switch (fault) {
    case 'rate_limited':
      return logged(dialect.limited(world.options.pauseS ?? PAUSE_S, limit, nowS), fault);
    case 'server_error':
      return logged(dialect.failed(), fault);
    case 'error_in_200':
      return logged((dialect.failedIn200 ?? dialect.failed)(), fault);
    case 'not_json':
      return logged(c.html('<!doctype html><title>Just a moment</title><h1>We will be back</h1>'), fault);
    case 'truncated_body':
      return logged(await cut(await asked.serve(grant, fault)), fault);
    case 'reset_after_served':
      return logged(await hangUp(c, await asked.serve(grant, fault)), fault, 0);
    case 'clock_skew':
      return logged(skewed(await asked.serve(grant, fault), world.options.clock.now()), fault);
    case 'stall':
      await world.options.clock.sleep(world.options.stallMs ?? STALL_MS, world.stop.signal).catch(() => undefined);
      return logged(await asked.serve(grant, fault), fault);
    default:
      return logged(await asked.serve(grant, fault), fault ?? end);
  }
}

const bearerOf = (c: Context): string => /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';

async function cut(whole: Response): Promise<Response> {
  const text = await whole.text();
  return new Response(text.slice(0, Math.ceil(text.length / 2)), { status: whole.status, headers: whole.headers });
}

function skewed(response: Response, nowMs: number): Response {
  const headers = new Headers(response.headers);
  headers.set('date', new Date(nowMs - SKEW_S * 1000).toUTCString());
  return new Response(response.body, { status: response.status, headers });
}
