import { deflateRawSync, inflateRawSync } from 'node:zlib';
import avro, { type Schema, type Type } from 'avsc';
import { PortError } from '../errors.ts';

/** An Avro container file: what its header says beside the schema, and its records; longs are bigints. */
export interface Container {
  readonly header: Readonly<Record<string, string>>;
  readonly records: readonly unknown[];
}

const MAGIC = Buffer.from('Obj\u0001');
const SYNC_BYTES = 16;

/** Snapshot ids have 63 bits, more than a number holds. */
const long = avro.types.LongType['__with']({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint | number) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint' || Number.isSafeInteger(value),
  compare: (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b)),
});

// https://avro.apache.org/docs/1.11.1/specification/#object-container-files
const HEADER = typeOf({
  type: 'record',
  name: 'header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'magic', size: MAGIC.length } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'sync', size: SYNC_BYTES } },
  ],
});
const COUNT = typeOf('long');
const BYTES = typeOf('bytes');

/** Writes records as one deflated block. The schema goes into the header as it is given: a parsed one would have lost its `field-id`s. */
export function encode(schema: object, header: Container['header'], records: readonly unknown[]): Buffer {
  const text = JSON.stringify(schema);
  const type = typeIn(text);
  const named = { ...header, 'avro.schema': text, 'avro.codec': 'deflate' };
  const meta = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, Buffer.from(value)]));
  const block = deflateRawSync(Buffer.concat(records.map((record) => type.toBuffer(record))));
  // Only there to find blocks in a damaged file, so it need not be random.
  const sync = Buffer.alloc(SYNC_BYTES, block.subarray(-SYNC_BYTES));
  return Buffer.concat([
    HEADER.toBuffer({ magic: MAGIC, meta, sync }),
    ...(records.length === 0 ? [] : [COUNT.toBuffer(records.length), BYTES.toBuffer(block), sync]),
  ]);
}

/** Reads a file by the schema in it; `table_unsupported` for what is no such file or is compressed in another way than with deflate. */
export function decode(bytes: Uint8Array): Container {
  try {
    return read(Buffer.from(bytes));
  } catch (error) {
    throw new PortError('table_unsupported', 'A manifest of a table is no Avro file the small engine can read.', {
      remedy: 'Set write.avro.compression-codec of the table to gzip and rewrite its manifests with Spark.',
      cause: error,
    });
  }
}

function read(bytes: Buffer): Container {
  let at = 0;
  const next = (type: Type) => {
    const { value, offset } = type.decode(bytes, at);
    if (offset < 0) throw new RangeError('the file ends too early');
    at = offset;
    return value;
  };
  const { magic, meta }: { magic: Buffer; meta: Record<string, Buffer> } = next(HEADER);
  if (!magic.equals(MAGIC)) throw new TypeError('no Avro file');
  const {
    'avro.schema': schema = '',
    'avro.codec': codec = 'null',
    ...header
  } = Object.fromEntries(Object.entries(meta).map(([name, value]) => [name, value.toString()]));
  if (!['null', 'deflate'].includes(codec)) throw new TypeError(`compressed with ${codec}`);
  const type = typeIn(schema);
  const records: unknown[] = [];
  while (at < bytes.length) {
    const count: bigint = next(COUNT);
    const stored: Buffer = next(BYTES);
    const block = codec === 'null' ? stored : inflateRawSync(stored);
    at += SYNC_BYTES;
    for (let from = 0, n = 0n; n < count; n += 1n) {
      const { value, offset } = type.decode(block, from);
      if (offset < 0) throw new RangeError('a block ends too early');
      records.push(value);
      from = offset;
    }
  }
  return { header, records };
}

/** Compiling a schema takes longer than reading by it, and a catalog has no more schemas than writers and partitions. */
const compiled = new Map<string, Type>();

function typeIn(text: string): Type {
  const type = compiled.get(text) ?? typeOf(JSON.parse(text));
  compiled.set(text, type);
  return type;
}

function typeOf(schema: Schema): Type {
  return avro.Type.forSchema(schema, {
    wrapUnions: false,
    typeHook: (one) => (one === 'long' ? long : undefined),
  });
}
