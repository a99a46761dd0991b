import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { WellspringError } from './errors.ts';

/** What went wrong, for `application/problem+json` (RFC 9457); `code` is stable and snake_case. */
export interface ProblemDetails {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly remedy?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a request that is refused. */
export function problem(_c: Context, { headers, status, code, title, detail, remedy }: ProblemDetails): Response {
  const body = { type: `urn:wellspring:problem:${code}`, title, status, detail, remedy, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

/** Hono's `onError`: our own errors in their words, anything else as 500 without a word of what was inside. */
export function onError(error: Error, c: Context): Response {
  if (error instanceof WellspringError) {
    const { status, code, detail, remedy } = error;
    const headers = status === 503 ? RETRY : {};
    return problem(c, { status, code, title: error.message, detail, remedy, headers });
  }
  if (error instanceof HTTPException) {
    return problem(c, { status: error.status, code: `http_${error.status}`, title: error.message || 'Refused.' });
  }
  return problem(c, {
    status: 500,
    code: 'internal',
    title: 'Something unexpected happened; nothing was acknowledged.',
  });
}

/** Hono's `notFound`. */
export function notFound(c: Context): Response {
  return problem(c, { status: 404, code: 'not_found', title: 'There is nothing at this address.' });
}

/** A busy or full disk is seldom better within a second. */
export const RETRY: Readonly<Record<string, string>> = { 'retry-after': '30' };
