import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { PortError } from '../errors.ts';

export type Item = Record<string, AttributeValue>;

/** A record as it lies in the table. */
export interface Lying {
  /** JSON. */
  readonly text: string;
  readonly version: number;
  /** Unix ms; the table's own time to live is lazy, so every read compares. */
  readonly until: number | null;
  /** Which write it was, so that a writer whose answer was lost knows its own. */
  readonly write: string;
}

/** A record to be written. */
export interface Written {
  readonly kind: string;
  readonly id: string;
  /** JSON. */
  readonly text: string;
  readonly version: number;
  readonly expiresAt: number | undefined;
  readonly write: string;
}

/** An item takes 400 KB with its names and keys (at most 3 KB). */
const LONGEST_BYTES = 400_000;

/** The item of a record. `ttl` is Unix seconds, as the table's time to live wants it, and never before `until`. */
export function itemOf({ kind, id, text, version, expiresAt, write }: Written): Item {
  const end = { until: { N: String(expiresAt) }, ttl: { N: String(Math.ceil((expiresAt ?? 0) / 1000)) } };
  return {
    ...keyOf(kind, id),
    value: { S: text },
    version: { N: String(version) },
    write: { S: write },
    ...(expiresAt === undefined ? {} : end),
  };
}

export function keyOf(kind: string, id: string): Item {
  return { kind: { S: kind }, id: { S: id } };
}

export function lyingIn(item: Item | undefined): Lying | undefined {
  if (item === undefined) return undefined;
  const until = item['until']?.N;
  return {
    text: item['value']?.S ?? 'null',
    version: Number(item['version']?.N),
    until: until === undefined ? null : Number(until),
    write: item['write']?.S ?? '',
  };
}

/** The condition that a record is still the one seen: an expired one counts as seen, so that two writers cannot both take its place. */
export function unchanged(seen: Lying | undefined) {
  if (seen === undefined) return { ConditionExpression: 'attribute_not_exists(id)' };
  const until = seen.until === null ? 'attribute_not_exists(#until)' : '#until = :until';
  return {
    ConditionExpression: `#version = :version and ${until}`,
    ExpressionAttributeNames: { '#version': 'version', '#until': 'until' },
    ExpressionAttributeValues: {
      ':version': { N: String(seen.version) },
      ...(seen.until === null ? {} : { ':until': { N: String(seen.until) } }),
    },
  };
}

/** A value as JSON. Throws `invalid_value` for what is none, `record_too_large` beyond 400,000 bytes; neither repeats the value. */
export function textOf(kind: string, value: unknown): string {
  const text: unknown = JSON.stringify(value);
  if (typeof text !== 'string') throw new PortError('invalid_value', `A record of kind ${kind} is not JSON.`);
  const bytes = Buffer.byteLength(text);
  if (bytes <= LONGEST_BYTES) return text;
  throw new PortError(
    'record_too_large',
    `A record of kind ${kind} has ${bytes} bytes; the state takes ${LONGEST_BYTES}.`,
  );
}
