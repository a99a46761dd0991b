import type { StateDatabase } from './database.ts';
import { isGone, thisProcess, type ProcessIdentity } from './process.ts';
import type { Lease, LeaseResult } from './state.ts';

interface LeaseRow extends ProcessIdentity {
  readonly fence: number;
  readonly expiresAt: number;
}

/** Leases of one database. A row stays when its lease is released, so that fences only ever grow. */
export interface Leases {
  acquire(name: string, ttlMs: number): LeaseResult;
  whileHeld(lease: Lease, change: () => void): boolean;
  /** Drops rows nobody holds whose name contains one of the words: their fences begin again. */
  drop(words: readonly string[]): void;
}

/** `now` answers Unix ms. Another holder in the same process counts as any other: two batches must not run side by side. */
export function createLeases(database: StateDatabase, now: () => number): Leases {
  function find(name: string): LeaseRow | undefined {
    const sql = 'select fence, expires_at, pid, started, boot, namespace from leases where name = ?';
    const [row] = database.rows(sql, [name]);
    if (row === undefined) return undefined;
    return {
      fence: Number(row['fence']),
      expiresAt: Number(row['expires_at']),
      pid: Number(row['pid']),
      started: String(row['started']),
      boot: String(row['boot']),
      namespace: String(row['namespace']),
    };
  }

  /** An expired lease nobody has taken is still its holder's: the fence says who was last. */
  function holds(name: string, fence: number): boolean {
    const row = find(name);
    return row !== undefined && row.fence === fence && row.pid !== 0;
  }

  function whileHeld(lease: Pick<Lease, 'name' | 'fence'>, change: () => void): boolean {
    return database.transaction(() => {
      if (!holds(lease.name, lease.fence)) return false;
      change();
      return true;
    });
  }

  function take(name: string, fence: number, ttlMs: number): Lease {
    const held = { name, fence };
    return {
      ...held,
      async renew() {
        return whileHeld(held, () =>
          database.run('update leases set expires_at = ? where name = ?', [now() + ttlMs, name]),
        );
      },
      async release() {
        whileHeld(held, () => database.run('update leases set expires_at = 0, pid = 0 where name = ?', [name]));
      },
    };
  }

  return {
    acquire: (name, ttlMs) =>
      database.transaction(() => {
        const row = find(name);
        if (row !== undefined && row.pid !== 0 && row.expiresAt > now() && !isGone(row)) {
          return { ok: false, holder: `process ${row.pid}` };
        }
        const fence = (row?.fence ?? 0) + 1;
        const { pid, started, boot, namespace } = thisProcess();
        database.run('insert or replace into leases values (?, ?, ?, ?, ?, ?, ?)', [
          name,
          fence,
          now() + ttlMs,
          pid,
          started,
          boot,
          namespace,
        ]);
        return { ok: true, lease: take(name, fence, ttlMs) };
      }),
    whileHeld,
    drop(words) {
      database.transaction(() => {
        for (const word of words) {
          const sql = 'delete from leases where instr(name, ?) > 0 and (pid = 0 or expires_at <= ?)';
          database.run(sql, [word, now()]);
        }
      });
    },
  };
}
