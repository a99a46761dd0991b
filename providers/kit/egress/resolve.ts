import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** Answers the IP addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** One checked address, as `net.connect` wants it from a lookup. */
export interface Pinned {
  readonly address: string;
  readonly family: 4 | 6;
}

export type PinResult =
  | { readonly ok: true; readonly pinned: readonly [Pinned, ...Pinned[]] }
  | { readonly ok: false; readonly reason: 'refused_address' | 'unreachable'; readonly detail: string };

/** Everything allocated as global unicast today. Outside it lie among others the old IPv4-compatible addresses. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** The addresses this machine knows for a name. */
export async function resolveBySystem(host: string): Promise<readonly string[]> {
  const answers = await lookup(host, { all: true });
  return answers.map(({ address }) => address);
}

/** Whether an IP address is public and stands for itself: none that is private, special, or carries another one inside. */
export function isPublic(text: string): boolean {
  // The parser knows octal and short forms too; no resolver answers them.
  if (!ipaddr.IPv6.isValid(text) && !ipaddr.IPv4.isValidFourPartDecimal(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}

/** Resolves a host once, for a connection to exactly these addresses: asked again, a name may answer something else. One that is not public refuses all. */
export async function pin(host: string, resolve: Resolve): Promise<PinResult> {
  const answers = await resolve(host).catch((): readonly string[] => []);
  if (!answers.every(isPublic)) {
    return { ok: false, reason: 'refused_address', detail: `${host} resolves to an address that is not public.` };
  }
  const [first, ...others] = answers.map((address): Pinned => ({ address, family: address.includes(':') ? 6 : 4 }));
  if (first === undefined) return { ok: false, reason: 'unreachable', detail: `${host} could not be resolved.` };
  return { ok: true, pinned: [first, ...others] };
}
