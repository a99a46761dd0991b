import type { ApiAnswer, ApiRequest } from '../api.ts';
import type { Secret } from '../secret.ts';

/** Why nothing usable came back; `sent` tells whether the provider may have acted on it. */
export interface EgressFailure {
  readonly ok: false;
  readonly reason:
    /** The address is none this provider may be asked at; nothing was sent. */
    | 'refused_address'
    /** No connection was made (name, route, TLS); nothing was sent. */
    | 'unreachable'
    | 'timeout'
    /** The line broke before the answer was whole. */
    | 'broken'
    | 'too_large'
    /** Redirects are never followed. */
    | 'redirect';
  readonly sent: boolean;
  /** For people: no address with a query, no token, no body. */
  readonly detail: string;
}

export type EgressResult = { readonly ok: true; readonly answer: ApiAnswer } | EgressFailure;

export interface SendOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly bearer?: Secret | undefined;
  /** For everything together, connection to last byte; 20 s when absent. */
  readonly timeoutMs?: number | undefined;
  /** Of the body, inflated; 10 MB when absent. */
  readonly maxBytes?: number | undefined;
}

/** The only way out to a provider: no redirects, capped in bytes and time, nothing it sends is ever logged. Never throws for what the other side does. */
export interface Egress {
  /** Asks at an address of the provider's own file. */
  send(provider: EgressDoor, request: ApiRequest, options?: SendOptions): Promise<EgressResult>;
  /**
   * Asks (GET) at an address that came from the network: https on 443, a host of the provider's list, below its paths,
   * resolved first and connected to exactly the public address that was checked.
   */
  follow(provider: EgressDoor, url: string, options?: SendOptions): Promise<EgressResult>;
}

/** What the gate needs to know of a provider. */
export interface EgressDoor {
  readonly id: string;
  /** Addresses that may come from the network; none when absent. */
  readonly callbacks?: { readonly hosts: readonly string[]; readonly paths: readonly string[] } | undefined;
}
