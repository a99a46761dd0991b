import type { Clock } from '../clock/clock.ts';
import { openDatabase } from './database.ts';
import { createLeases } from './leases.ts';
import { createRecords } from './records.ts';
import type { State } from './state.ts';

/**
 * State in one SQLite file that several processes of one machine share. Every write is on disk when its promise resolves.
 * A lease past its time stays its holder's until somebody takes it; a holder that was killed loses it to the next asker.
 */
export function createLibsqlState(options: { readonly file: string; readonly clock: Clock }): State {
  const database = openDatabase(options.file);
  const now = (): number => options.clock.now();
  const records = createRecords(database);
  const leases = createLeases(database, now);
  return {
    async get<T>(kind: string, id: string) {
      return records.find<T>(kind, id, now());
    },
    async list<T>(kind: string, prefix = '') {
      return records.list<T>(kind, prefix, now());
    },
    async put(kind, id, value, put = {}) {
      return records.put(kind, id, value, { ...put, now: now() });
    },
    async delete(kind, id, remove = {}) {
      return records.remove(kind, id, { ...remove, now: now() });
    },
    async next(counter) {
      return database.transaction(() => {
        const sql = 'insert into counters values (?, 1) on conflict (name) do update set value = value + 1';
        database.run(sql, [counter]);
        const [row] = database.rows('select value from counters where name = ?', [counter]);
        return Number(row?.['value']);
      });
    },
    async acquire(name, { ttlMs }) {
      return leases.acquire(name, ttlMs);
    },
    async whileHeld(lease, change) {
      return leases.whileHeld(lease, change);
    },
    async dropExpired() {
      return records.dropExpired(now());
    },
    async everything() {
      return records.everything();
    },
    async scrub(words) {
      leases.drop(words);
      database.scrub();
    },
    async close() {
      database.close();
    },
  };
}
