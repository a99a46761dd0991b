import { createHash } from 'node:crypto';

/** A name from outside as one path segment: itself when it is tame, else `other`. */
export function resourceSegment(resource: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(resource) ? resource : 'other';
}

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The UTC date of an instant in Unix ms, `YYYY-MM-DD`. */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

interface RawKey {
  readonly receivedAt: number;
  readonly provider: string;
  readonly account: string;
  readonly resource: string;
  readonly sha256: string;
  readonly notice: boolean;
  /** `raw` when absent. */
  readonly prefix?: 'selftest';
}

/** `raw/<UTC date>/<provider>/<account>/<resource>-<sha256>.json`; a notice adds its receive time, so it is never a duplicate. */
export function rawKey(raw: RawKey): string {
  const tail = raw.notice ? `.${raw.receivedAt}` : '';
  const name = `${resourceSegment(raw.resource)}-${raw.sha256}${tail}.json`;
  return `${raw.prefix ?? 'raw'}/${utcDate(raw.receivedAt)}/${raw.provider}/${raw.account}/${name}`;
}

/** Where an imported file is kept whole; its name is made tame. */
export function uploadKey(upload: {
  readonly receivedAt: number;
  readonly provider: string;
  readonly account: string;
  readonly sha256: string;
  readonly name: string;
}): string {
  const name =
    upload.name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^\.+/, '')
      .slice(-100) || 'file';
  return `uploads/${utcDate(upload.receivedAt)}/${upload.provider}/${upload.account}/${upload.sha256}-${name}`;
}

/** The account a key below `raw/` or `uploads/` names; empty where it names none. */
export function accountIn(key: string): string {
  return key.split('/')[3] ?? '';
}

/** Where a verified but unreadable delivery waits seven days; the transform never reads it. */
export function refusedKey(refused: {
  readonly receivedAt: number;
  readonly provider: string;
  readonly sha256: string;
}): string {
  return `refused/${utcDate(refused.receivedAt)}/${refused.provider}/${refused.sha256}`;
}
