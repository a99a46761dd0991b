import ipaddr from 'ipaddr.js';

/** Hosts, and the paths below which an address from the network may lie. */
export interface Allowed {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

export type GateResult = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly detail: string };

const LONGEST = 2048;
/**
 * RFC 3986 without what two readers of an address can read differently: user info, other ports, a fragment, encoded or
 * special characters in the path, empty segments and those that begin with a dot.
 */
const SHAPE =
  /^https:\/\/(?<host>[a-z0-9.-]+)(?::443)?(?<path>(?:\/[a-z0-9_~-][a-z0-9._~-]*)+)(?<query>\?(?:[a-z0-9._~!$&()*+,;=:@/?-]|%[0-9a-f]{2})*)?$/i;
/** Encoded control characters: nothing a query of ours needs, and what splits a line behind a careless server. */
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/i;

/** Judges an address that came from the network by its text alone, before any name is asked for. The detail never holds the address. */
export function checkAddress(text: string, allowed: Allowed | undefined): GateResult {
  if (allowed === undefined) return refuse('The provider sends no addresses to follow.');
  if (text.length > LONGEST) return refuse(`The address is longer than ${LONGEST} characters.`);
  const { host, path, query = '' } = SHAPE.exec(text)?.groups ?? {};
  if (host === undefined || path === undefined) return refuse('It is not a plain https address.');
  const name = host.toLowerCase();
  if (ipaddr.isValid(name)) return refuse('It names a number in the place of a host.');
  if (!allowed.hosts.includes(name)) return refuse("Its host is not on the provider's list.");
  if (!allowed.paths.some((prefix) => path.startsWith(prefix.replace(/\/*$/, '/')))) {
    return refuse("Its path is not on the provider's list.");
  }
  if (ENCODED_CONTROL.test(query)) return refuse('Its query holds control characters.');
  // What connects reads the address by itself: both readings must be the same.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.href !== `https://${name}${path}${query}`) return refuse('It can be read in two ways.');
  return { ok: true, url };
}

function refuse(detail: string): GateResult {
  return { ok: false, detail };
}
