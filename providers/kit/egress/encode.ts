import type { ApiRequest } from '../api.ts';
import type { Secret } from '../secret.ts';

/** A request as it goes over the line. */
export interface Encoded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const OURS = { 'user-agent': 'wellspring', accept: 'application/json', 'accept-encoding': 'gzip' };

/** Headers and body of a request; a header of the request wins over ours, the bearer over both. */
export function encode(request: ApiRequest, bearer: Secret | undefined): Encoded {
  const { type, body } = encodeBody(request);
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    headers: {
      ...OURS,
      ...(type && { 'content-type': type }),
      ...Object.fromEntries(given),
      ...(bearer && { authorization: `Bearer ${bearer.reveal()}` }),
      // Without it Node sends a body in chunks, which some token endpoints do not read.
      ...((body !== undefined || request.method !== 'GET') && {
        'content-length': String(Buffer.byteLength(body ?? '')),
      }),
    },
    body,
  };
}

function encodeBody({ form, json }: ApiRequest): { readonly type?: string; readonly body: string | undefined } {
  if (form !== undefined) {
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
  }
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  return { body: undefined };
}
