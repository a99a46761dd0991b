import { createServer, request as send, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createReader } from './asked.ts';
import type { Asked, Passed } from './request.ts';

export interface Recorder {
  /** What the function is given as `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Everything asked for so far, in order. */
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/**
 * Stands in front of moto for one function, passes everything on and notes what IAM would judge. One for each function, so that what is
 * asked for is known to be asked by its role:
 *
 *   const recorder = await startRecorder(moto.url);
 *   await run('receive', event, { ...variables, AWS_ENDPOINT_URL: recorder.url });
 *   const { refused, hidden } = judgeAsked(stack, { receive: recorder.asked });
 */
export async function startRecorder(upstream: string): Promise<Recorder> {
  const asked: Asked[] = [];
  const reader = createReader();
  const server = createServer((incoming, answer) => {
    const passing = async (): Promise<void> => {
      const { body, got, bytes } = await pass(incoming, upstream);
      asked.push(readable(reader, incoming, { body, status: got.statusCode ?? 502, answer: bytes }));
      answer.writeHead(got.statusCode ?? 502, got.headers).end(bytes);
    };
    passing().catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What nobody can read is noted as something nobody may do, so that it is seen. */
function readable(
  reader: (passed: Passed) => Asked,
  { method = '', url = '/', headers }: IncomingMessage,
  { body, status, answer }: { readonly body: Buffer; readonly status: number; readonly answer: Buffer },
): Asked {
  const { pathname: path, searchParams: query } = new URL(url, 'http://127.0.0.1');
  try {
    return reader({ method, path, query, headers, status, body: body.toString(), answer: answer.toString() });
  } catch (error) {
    return { operation: `unreadable: ${String(error)}`, calls: [{ action: 'unreadable', resource: path }] };
  }
}

async function pass(incoming: IncomingMessage, upstream: string) {
  const body = await buffer(incoming);
  const got = await new Promise<IncomingMessage>((resolve, reject) => {
    const { method, headers, url = '/' } = incoming;
    const outgoing = send(new URL(url, upstream), { method: method ?? 'GET', headers }, resolve);
    outgoing.once('error', reject).end(body);
  });
  return { body, got, bytes: await buffer(got) };
}
