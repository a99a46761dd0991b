import { createHash } from 'node:crypto';
import { rawKey, sha256Hex } from '../../app/keys.ts';
import { UNKNOWN_ACCOUNT, accountOf } from '../../providers/kit/account.ts';
import type { RawInput } from '../../ports/engine/engine.ts';

/** A payload as a test states it: `data` is the provider's text, or a value written as JSON. */
export interface Payload {
  readonly provider: string;
  /** The account itself, or the provider's own id it is made from; neither: the account nobody is named by. */
  readonly account?: string;
  readonly externalId?: string;
  /** With or without the provider in front. */
  readonly type: string;
  readonly data: unknown;
  /** Unix ms or ISO text. */
  readonly receivedAt: number | string;
  readonly deliveryId?: string;
  readonly coversFrom?: string;
  readonly coversTo?: string;
  readonly receiver?: string;
  /** Kept under its receive time, so that the same words twice are two. */
  readonly notice?: boolean;
  /** Further attributes of the envelope, such as `aggregation`. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The raw object of a payload, as `receive` would have stored it. */
export function rawObject(payload: Payload): RawInput {
  const text = typeof payload.data === 'string' ? payload.data : JSON.stringify(payload.data);
  const receivedAt = typeof payload.receivedAt === 'number' ? payload.receivedAt : Date.parse(payload.receivedAt);
  const account =
    payload.account ??
    (payload.externalId === undefined ? UNKNOWN_ACCOUNT : accountOf(payload.provider, payload.externalId));
  const resource = payload.type.slice(payload.type.lastIndexOf('.') + 1);
  const sha256 = sha256Hex(text);
  const envelope = {
    specversion: '1.0',
    id: `${payload.deliveryId ?? idOf(`${text}${receivedAt}`)}/0`,
    source: `wellspring/${payload.provider}`,
    type: `${payload.provider}.${resource}`,
    subject: account,
    time: new Date(receivedAt).toISOString(),
    sha256,
    datacontenttype: 'application/json',
    receiver: payload.receiver ?? 'push',
    ...(payload.coversFrom === undefined ? {} : { coversfrom: payload.coversFrom }),
    ...(payload.coversTo === undefined ? {} : { coversto: payload.coversTo }),
    ...payload.attributes,
  };
  return {
    key: rawKey({ receivedAt, provider: payload.provider, account, resource, sha256, notice: payload.notice ?? false }),
    document: new TextEncoder().encode(`${JSON.stringify(envelope).slice(0, -1)},"data":${text}}`),
  };
}
