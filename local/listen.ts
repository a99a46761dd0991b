import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Env, Hono } from 'hono';
import { WellspringError } from '../app/errors.ts';
import type { Clock } from '../ports/clock/clock.ts';

/** Slow or silent peers are cut off, so that they cannot hold the door shut for others. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const MAX_CONNECTIONS = 200;

/** Listens on `host:port` (0 picks a free one); `port_in_use` and `bad_host` are exit code 2. */
export async function listen<E extends Env>(
  app: Hono<E>,
  at: { readonly port: number; readonly host: string },
): Promise<{ server: Server; url: string }> {
  const answer = getRequestListener(app.fetch);
  const server = createServer(LIMITS, (request, response) => {
    void answer(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  }).catch((cause: unknown) => {
    throw explain(cause, at);
  });
  const address = server.address();
  // Null and text are answers for pipes and for servers that do not listen.
  const port = typeof address === 'object' && address !== null ? address.port : at.port;
  return { server, url: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}` };
}

/** Stops accepting, lets running replies end for `graceMs`, then cuts. */
export async function stopListening(server: Server, clock: Clock, graceMs: number): Promise<void> {
  const ended = new AbortController();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  void clock.sleep(graceMs, ended.signal).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await closed;
  ended.abort();
}

function explain(cause: unknown, at: { readonly port: number; readonly host: string }): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    return new WellspringError({
      code: 'port_in_use',
      message: `Port ${at.port} on ${at.host} cannot be had.`,
      detail: code === 'EACCES' ? 'This account may not listen on it.' : 'Another program listens on it.',
      remedy: 'Choose another with --port, or --port 0 for any free one.',
      exit: 2,
      cause,
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new WellspringError({
      code: 'bad_host',
      message: `${at.host} is no address of this machine.`,
      remedy: 'Use 127.0.0.1 for this machine alone, 0.0.0.0 for all its addresses.',
      exit: 2,
      cause,
    });
  }
  return cause;
}
