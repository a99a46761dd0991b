import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { EgressFailure, EgressResult } from './egress.ts';
import type { Encoded } from './encode.ts';
import { readBody } from './read.ts';
import type { Pinned } from './resolve.ts';

export interface Exchange extends Encoded {
  readonly method: string;
  readonly url: URL;
  /** Ends everything, from the name's resolution to the last byte. */
  readonly deadline: AbortSignal;
  readonly maxBytes: number;
  /** Connects to these and asks no resolver; the certificate must still be the host's. */
  readonly pinned?: readonly [Pinned, ...Pinned[]] | undefined;
}

/** One request and its whole answer, over a connection of its own: a kept one that is just being closed leaves it open what arrived. */
export async function exchange({
  url,
  method,
  headers,
  body,
  deadline,
  maxBytes,
  pinned,
}: Exchange): Promise<EgressResult> {
  let sent = false;
  const fail = (reason: EgressFailure['reason'], detail: string): EgressFailure => ({
    ok: false,
    reason,
    sent,
    detail,
  });
  const options: RequestOptions = {
    method,
    headers,
    agent: false,
    // Said here, because a variable of the environment can turn it off for the whole process.
    rejectUnauthorized: true,
    signal: deadline,
    ...(pinned && { lookup: only(pinned) }),
  };
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
      request.once('socket', (socket) => {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (sent = true));
      });
      request.once('response', resolve);
      // Stays for the time of the body: a line that breaks then is told by the answer's stream.
      request.on('error', reject);
      // A line that ends without an error or an answer, as when the other side switches protocols, would be waited for forever.
      request.once('close', () => reject(new Error('The line was closed.')));
      request.end(body);
    });
    try {
      const status = answer.statusCode ?? 0;
      if (status >= 300 && status < 400)
        return fail('redirect', `${url.host} answered ${status}; redirects are not followed.`);
      const read = await readBody(answer, { maxBytes, signal: deadline });
      if (!read.ok) return fail(read.reason, read.detail);
      return { ok: true, answer: { status, headers: plain(answer), body: read.body } };
    } finally {
      answer.destroy();
    }
  } catch (cause) {
    if (deadline.aborted) return fail('timeout', `${url.host} took too long.`);
    const code = codeOf(cause);
    if (code === ' (HPE_HEADER_OVERFLOW)') return fail('too_large', `The headers of ${url.host} are too large.`);
    if (!sent) return fail('unreachable', `${url.host} could not be reached${code}.`);
    return fail('broken', `The answer of ${url.host} broke off${code}.`);
  }
}

/** Answers a fixed list in the place of a resolver. */
function only(pinned: readonly [Pinned, ...Pinned[]]): LookupFunction {
  return (_host, { all }, callback) => {
    if (all) callback(null, [...pinned]);
    else callback(null, pinned[0].address, pinned[0].family);
  };
}

function plain({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).filter(([name, value]) => name !== 'set-cookie' && value !== undefined);
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
}

/** Node's stable word for what went wrong; its message may hold the address. */
function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? ` (${code})` : '';
}
