import { PortError } from '../errors.ts';
import type { StateDatabase, StateRow } from './database.ts';
import type { PutOptions, PutResult, StoredRecord, Versioned } from './state.ts';

/** Records of one database; `now` is Unix ms, and what has expired by then does not exist. */
export interface Records {
  everything(): readonly StoredRecord[];
  dropExpired(now: number): number;
  find<T>(kind: string, id: string, now: number): Versioned<T> | undefined;
  list<T>(kind: string, prefix: string, now: number): readonly Versioned<T>[];
  put(kind: string, id: string, value: unknown, options: PutOptions & { readonly now: number }): PutResult;
  remove(kind: string, id: string, options: { readonly expect?: number; readonly now: number }): PutResult;
}

const LIVE = '(expires_at is null or expires_at > ?)';

export function createRecords(database: StateDatabase): Records {
  /** 0 for a record that is not there or has expired. */
  function versionOf(kind: string, id: string, now: number): number {
    const [row] = database.rows(`select version from records where kind = ? and id = ? and ${LIVE}`, [kind, id, now]);
    return Number(row?.['version'] ?? 0);
  }

  return {
    everything: () =>
      database.rows('select kind, id, value, version from records order by kind, id', []).map((row) => {
        const { id, value } = parsed<unknown>(row);
        return { kind: String(row['kind']), id, value };
      }),
    dropExpired: (now) => database.rows('delete from records where expires_at <= ? returning id', [now]).length,
    find<T>(kind: string, id: string, now: number) {
      const sql = `select id, value, version from records where kind = ? and id = ? and ${LIVE}`;
      const [row] = database.rows(sql, [kind, id, now]);
      return row === undefined ? undefined : parsed<T>(row);
    },
    list<T>(kind: string, prefix: string, now: number) {
      const sql = `select id, value, version from records
        where kind = ? and substr(id, 1, length(?)) = ? and ${LIVE} order by id`;
      return database.rows(sql, [kind, prefix, prefix, now]).map((row) => parsed<T>(row));
    },
    put(kind, id, value, { expect, expiresAt, now }) {
      const text = stringified(value);
      return database.transaction(() => {
        const seen = versionOf(kind, id, now);
        if (expect !== undefined && expect !== seen) return { ok: false, reason: 'conflict' };
        const version = seen + 1;
        const sql = 'insert or replace into records (kind, id, value, version, expires_at) values (?, ?, ?, ?, ?)';
        database.run(sql, [kind, id, text, version, expiresAt ?? null]);
        return { ok: true, version };
      });
    },
    remove(kind, id, { expect, now }) {
      return database.transaction(() => {
        const seen = versionOf(kind, id, now);
        if (expect !== undefined && expect !== seen) return { ok: false, reason: 'conflict' };
        database.run('delete from records where kind = ? and id = ?', [kind, id]);
        return { ok: true, version: 0 };
      });
    },
  };
}

function parsed<T>(row: StateRow): Versioned<T> {
  const value: T = JSON.parse(String(row['value']));
  return { id: String(row['id']), value, version: Number(row['version']) };
}

function stringified(value: unknown): string {
  const text: unknown = JSON.stringify(value);
  if (typeof text === 'string') return text;
  throw new PortError('invalid_value', 'A record of the state must be JSON.');
}
