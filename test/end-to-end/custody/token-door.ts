import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

type Moment = 'arrived' | 'rotated' | 'answered';

/** A token endpoint on the loopback whose refresh tokens rotate; `onMoment` may end the caller in the middle of its call. */
export async function openTokenDoor(options: { readonly grace: boolean }) {
  const rotated = new Set<string>();
  let [number, current, reuses, calls] = [0, 'r0', 0, 0];
  const watch: { onMoment: (moment: Moment) => Promise<void> } = { onMoment: async () => undefined };

  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('refresh_token') ?? '';
    calls += 1;
    await watch.onMoment('arrived');
    if (token !== current && !(options.grace && rotated.has(token))) {
      reuses += 1;
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
      return;
    }
    rotated.add(token);
    number += 1;
    current = `r${number}`;
    await watch.onMoment('rotated');
    const tokens = { access_token: `a${number}`, refresh_token: current, token_type: 'bearer', expires_in: 30 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(tokens));
    await watch.onMoment('answered');
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    watch,
    /** The person grants anew: another family of tokens. */
    grant: () => {
      number += 1;
      current = `r${number}`;
      return { access: `a${number}`, refresh: current };
    },
    access: () => `a${number}`,
    refresh: () => current,
    reuses: () => reuses,
    calls: () => calls,
  };
}
