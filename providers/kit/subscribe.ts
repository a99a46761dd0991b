import type { ApiRequest } from './api.ts';
import type { ProviderSettings } from './provider.ts';

/** What a subscription call needs to know of us. */
export interface SubscriptionDoor {
  readonly callbackUrl: string;
  /** Shown back to us in the handshake. */
  readonly verificationToken: string;
  readonly settings: ProviderSettings;
}

/** One subscription as the provider lists it; `key` is one of `wanted`. */
export interface Subscription {
  readonly key: string;
  /** The provider's id of it, where it has one. */
  readonly id?: string;
  readonly callbackUrl: string;
  /** Unix ms; absent: it does not end by itself. */
  readonly expiresAt?: number;
}

/** How a provider is asked to send notices: once for the whole app with its own credentials, or for each account with its token. */
export interface Subscribe {
  readonly per: 'app' | 'account';
  /** Keys of the subscriptions there should be; `scope`: only for accounts that granted it. */
  readonly wanted: readonly { readonly key: string; readonly scope?: string }[];
  readonly list: (door: SubscriptionDoor) => ApiRequest;
  readonly readList: (json: unknown) => readonly Subscription[];
  readonly create: (door: SubscriptionDoor, key: string) => ApiRequest;
  readonly remove: (door: SubscriptionDoor, subscription: Subscription) => ApiRequest;
  /** For subscriptions that end by themselves. */
  readonly renew?: {
    readonly request: (door: SubscriptionDoor, subscription: Subscription) => ApiRequest;
    readonly beforeDays: number;
  };
}
