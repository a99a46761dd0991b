import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';

/** What the server hands each request; nothing when the app is called without one. */
export interface LineEnv {
  Bindings: Partial<HttpBindings>;
}

/** Breaks the line in the middle of `answer`, or before its first byte when there is none. */
export async function hangUp(c: Context<LineEnv>, answer?: Response): Promise<Response> {
  const { incoming, outgoing } = c.env;
  if (incoming === undefined || outgoing === undefined) throw new Error('There is no line that could break.');
  if (answer !== undefined && 'writeHead' in outgoing) {
    const bytes = new Uint8Array(await answer.arrayBuffer());
    outgoing.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': bytes.length });
    await new Promise<void>((sent) => {
      outgoing.write(bytes.subarray(0, bytes.length / 2), () => sent());
    });
  }
  incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
