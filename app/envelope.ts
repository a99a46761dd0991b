import { rawKey, resourceSegment, sha256Hex } from './keys.ts';
import { membersOf, rootOf } from '../providers/kit/scan.ts';

/** One payload of one account and one type, before it is written (contract 4). */
export interface RawEnvelope {
  readonly provider: string;
  readonly account: string;
  /** The provider's word for the type; a strange one becomes `other`. */
  readonly resource: string;
  readonly deliveryId: string;
  /** Number of the part within its delivery, from 1. */
  readonly part: number;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly receiver: 'push' | 'fetch' | 'import' | 'self';
  /** A notice is a work item: its key holds the receive time, so it is never a duplicate. */
  readonly notice?: boolean;
  /** JSON text, spliced in verbatim; bytes when they are not UTF-8 JSON. */
  readonly data: string | Uint8Array;
  /** Key of the uploaded file, for imports. */
  readonly dataref?: string;
  /** Further attributes, such as `keyid`, `aggregation`, `coversfrom`, `coversto`: never credentials. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Where it is kept and how it is told in the place of what provider's data are. */
  readonly own?: { readonly prefix: 'selftest'; readonly event: 'Self Test Stored' } | undefined;
}

export interface Envelope {
  readonly key: string;
  /** One CloudEvents 1.0 document, UTF-8. */
  readonly document: Uint8Array;
  /** Of the data bytes, hex. */
  readonly sha256: string;
}

/** The raw object of a payload: its key and its document, the data bytes in it untouched. */
export function createEnvelope(raw: RawEnvelope): Envelope {
  const sha256 = sha256Hex(raw.data);
  const resource = resourceSegment(raw.resource);
  const head = {
    specversion: '1.0',
    id: `${raw.deliveryId}/${raw.part}`,
    source: `wellspring/${raw.provider}`,
    type: `${raw.provider}.${resource}`,
    subject: raw.account,
    time: new Date(raw.receivedAt).toISOString(),
    sha256,
    datacontenttype: typeof raw.data === 'string' ? 'application/json' : 'application/octet-stream',
    receiver: raw.receiver,
    ...(raw.dataref === undefined ? {} : { dataref: raw.dataref }),
    ...raw.attributes,
  };
  const data =
    typeof raw.data === 'string'
      ? `"data":${raw.data}`
      : `"data_base64":"${Buffer.from(raw.data.buffer, raw.data.byteOffset, raw.data.byteLength).toString('base64')}"`;
  const document = Buffer.from(`${JSON.stringify(head).slice(0, -1)},${data}}`);
  return { key: rawKey({ ...raw, ...raw.own, resource, sha256, notice: raw.notice ?? false }), document, sha256 };
}

/** An envelope as read back: `data` is the provider's exact text, or base64 text when `encoding` says so. */
export interface ReadEnvelope {
  readonly attributes: Record<string, string | number>;
  readonly data: string;
  readonly encoding: 'json' | 'base64';
}

/** Takes a raw object apart by position, without parsing the data. Throws SyntaxError when the document is not an envelope. */
export function readEnvelope(document: Uint8Array): ReadEnvelope {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(document);
  const attributes: Record<string, string | number> = {};
  for (const { name, after, value } of membersOf(text, rootOf(text))) {
    // The white space around the provider's text is its own: the data reach from the colon to the last bracket.
    if (name === 'data') return { attributes, data: text.slice(after, -1), encoding: 'json' };
    const read: unknown = JSON.parse(text.slice(value.start, value.end));
    if (name === 'data_base64') return { attributes, data: String(read), encoding: 'base64' };
    if (typeof read === 'string' || typeof read === 'number') attributes[name] = read;
  }
  throw new SyntaxError('envelope: no data');
}
