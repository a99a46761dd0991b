import * as z from 'zod';
import { WellspringError } from '../../../app/errors.ts';
import type { Sink } from '../../../ports/exports/exports.ts';
import type { Server } from '../../stack/server.ts';
import { ask, refusalOf, send } from '../remote.ts';
import { withSession } from './session.ts';
import { until } from './until.ts';

const LOOK_MS = 2000;
/** A function builds for at most a quarter of an hour, and its event may need a while to reach it. */
const LONGEST_MS = 25 * 60_000;

const begun = z.object({ url: z.string() });
const unbuilt = z.object({ code: z.literal('not_built') });

/** Has everything of a person built by a server, waits for it and writes the file to `sink`, block by block. */
export async function fetchExport(server: Server, userId: string, sink: Sink, signal: AbortSignal): Promise<void> {
  const response = await withSession(server, async (cookie) => {
    const parameters = { user_id: userId };
    const { url } = await ask(server, '/api/v1/export', begun, { parameters, cookie });
    // The server calls itself by its public name; it was reached by this one.
    const { pathname } = new URL(url);
    const built = await until(() => look(server, pathname, cookie), {
      everyMs: LOOK_MS,
      forMs: LONGEST_MS,
      signal,
      message: 'The export was not built in time.',
      remedy: 'Run it again; if it stays so, look at what the server logs.',
    });
    if (built.ok) return built;
    // In a stack it waits in a bucket, at an address that is proof enough; the session stays here.
    const place = built.headers.get('location') ?? '';
    const there = await fetch(place).catch(() => undefined);
    return there?.ok === true ? there : brokenOff();
  });
  try {
    for await (const block of response.body ?? []) await sink(block);
  } catch (error) {
    if (error instanceof WellspringError) throw error;
    brokenOff();
  }
}

/** The file or where it is; undefined while it is being built. */
async function look(server: Server, path: string, cookie: string): Promise<Response | undefined> {
  const response = await send(server, path, { cookie, redirect: 'manual' });
  if (response.ok || response.status === 302) return response;
  const told: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (unbuilt.safeParse(told).success) return undefined;
  throw await refusalOf(response);
}

/** Never what the library says: it would name the address, which is a proof. */
function brokenOff(): never {
  throw new WellspringError({
    code: 'export_broken',
    message: 'The file broke off on its way.',
    remedy: 'Run it again; it begins anew.',
    exit: 4,
  });
}
