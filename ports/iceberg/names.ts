import type { Ids } from '../ids/ids.ts';

/** A random UUID, version 4. */
export function uuid(ids: Ids): string {
  const bytes = Buffer.from(ids.secret(16), 'base64url');
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A random id of a snapshot: 63 bits, above zero. */
export function snapshotId(ids: Ids): bigint {
  const bits = Buffer.from(ids.secret(8), 'base64url').readBigUInt64LE();
  return BigInt.asUintN(63, bits) || 1n;
}
