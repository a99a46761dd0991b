import type { ApiRequest } from '../api.ts';
import { addressOf } from '../base.ts';
import type { ProviderSettings } from '../provider.ts';
import type { Egress, EgressFailure, EgressResult, SendOptions } from './egress.ts';
import { encode } from './encode.ts';
import { exchange } from './exchange.ts';
import { checkAddress } from './gate.ts';
import { pin, type Pinned, type PinResult, type Resolve, resolveBySystem } from './resolve.ts';

export interface EgressOptions {
  /** A `baseUrl` takes the place of the origin of every address, of the checked ones too. */
  readonly settings: (provider: string) => ProviderSettings;
  /** Resolves the hosts of addresses that came from the network; this machine's resolver when absent. */
  readonly resolve?: Resolve;
  /** No request may take longer, whatever its caller allows. */
  readonly longestMs?: number | undefined;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 10_000_000;

/** The way out over Node's own HTTP client. */
export function createEgress({ settings, resolve = resolveBySystem, longestMs = Infinity }: EgressOptions): Egress {
  return {
    async send(provider, request, options = {}) {
      const { baseUrl } = settings(provider.id);
      const url = requestUrl(request, baseUrl);
      if (url === undefined) return refuse(`The address ${provider.id} is to be asked at is not https.`);
      return go(request, url, options, deadlineOf(options, longestMs));
    },
    async follow(provider, text, options = {}) {
      const checked = checkAddress(text, provider.callbacks);
      if (!checked.ok) return refuse(checked.detail);
      const { baseUrl } = settings(provider.id);
      const request: ApiRequest = { method: 'GET', url: checked.url.href };
      const deadline = deadlineOf(options, longestMs);
      if (baseUrl !== undefined) return go(request, new URL(addressOf(request.url, baseUrl)), options, deadline);
      const { host } = checked.url;
      const result = await inTime(pin(host, resolve), deadline);
      if (result === undefined) return { ok: false, reason: 'timeout', sent: false, detail: `${host} took too long.` };
      if (!result.ok) return { ...result, sent: false };
      return go(request, checked.url, options, deadline, result.pinned);
    },
  };
}

function go(
  request: ApiRequest,
  url: URL,
  { bearer, maxBytes = MAX_BYTES }: SendOptions,
  deadline: AbortSignal,
  pinned?: readonly [Pinned, ...Pinned[]],
): Promise<EgressResult> {
  return exchange({ ...encode(request, bearer), method: request.method, url, deadline, maxBytes, pinned });
}

/** Undefined for an address that would leave unencrypted; only an owner's own `baseUrl` may say so. */
function requestUrl({ url, query }: ApiRequest, baseUrl: string | undefined): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const original = new URL(url);
  if (original.protocol !== 'https:' || original.username !== '' || original.password !== '') return undefined;
  const address = new URL(addressOf(url, baseUrl));
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.append(name, value);
  return address;
}

function deadlineOf({ timeoutMs = TIMEOUT_MS }: SendOptions, longestMs: number): AbortSignal {
  return AbortSignal.timeout(Math.min(timeoutMs, longestMs));
}

/** Undefined when the deadline was first. */
function inTime(result: Promise<PinResult>, deadline: AbortSignal): Promise<PinResult | undefined> {
  return Promise.race([
    result,
    new Promise<undefined>((resolve) => deadline.addEventListener('abort', () => resolve(undefined), { once: true })),
  ]);
}

function refuse(detail: string): EgressFailure {
  return { ok: false, reason: 'refused_address', sent: false, detail };
}
