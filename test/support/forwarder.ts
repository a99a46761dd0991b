import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import type { AwsConnection } from '../../ports/aws.ts';

/** Stands between a client and moto, and loses answers on the way back. */
export interface Forwarder {
  readonly url: string;
  /** Calls that were done and whose answer nobody got. */
  readonly lost: number;
  /** Loses the answer to the next call of this name. */
  lose(operation: string): void;
}

export async function openForwarder({ endpoint = '' }: AwsConnection): Promise<Forwarder> {
  let [next, lost]: [string | undefined, number] = [undefined, 0];
  const app = new Hono().all('*', async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const body = c.req.method === 'GET' ? undefined : await c.req.arrayBuffer();
    const headers = new Headers(c.req.raw.headers);
    for (const name of ['connection', 'content-length', 'transfer-encoding', 'expect']) headers.delete(name);
    const answer = await fetch(`${endpoint}${pathname}${search}`, {
      method: c.req.method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const form = new URLSearchParams(body === undefined ? '' : Buffer.from(body).toString());
    const operation = c.req.header('x-amz-target')?.split('.').at(-1) ?? form.get('Action');
    if (next === undefined || operation !== next) return answer;
    next = undefined;
    lost += 1;
    // To the client this is as if the answer had not come: it asks again.
    return c.body('', 503);
  });
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(started));
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    get lost() {
      return lost;
    },
    lose: (operation) => void (next = operation),
  };
}
