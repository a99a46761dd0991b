import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../ports/clock/clock.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import type { State } from '../../ports/state/state.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { stateContract } from './state.ts';

function openState(file: string, clock: Clock = createFixedClock(0)): State {
  const state = createLibsqlState({ file, clock });
  onTestFinished(() => state.close());
  return state;
}

const makeState = (clock: Clock): State => openState(join(temporaryDirectory(), 'data', 'state.db'), clock);

stateContract('libsql', makeState, () => {
  test('what was written is there after closing and opening', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const first = openState(file);
    await first.put('user', 'x', 'kept');
    await first.next('fact');
    await first.close();
    const second = openState(file);
    expect(await second.get('user', 'x')).toEqual({ id: 'x', value: 'kept', version: 1 });
    expect(await second.next('fact')).toBe(2);
  });

  test('the file and its journal are readable by their owner only', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    await openState(file).put('session', 'x', 1);
    const present = [file, `${file}-wal`, `${file}-shm`].filter((path) => existsSync(path));
    expect(present).toHaveLength(3);
    for (const path of present) expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('the file keeps a write-ahead log, so that readers and a writer do not wait for each other', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    await openState(file).put('user', 'x', 1);
    const other = new Database(file);
    onTestFinished(() => void other.close());
    expect(other.prepare('pragma journal_mode').all([])).toMatchObject([{ journal_mode: 'wal' }]);
  });

  test('after scrubbing neither the file nor its journal holds what was deleted or changed, also beside another reader', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const [state, beside] = [openState(file), openState(file)];
    const filling = 'x'.repeat(300);
    for (let n = 0; n < 200; n += 1) await state.put('user', `u_${n}`, `CANARY ${n} ${filling}`);
    await beside.list('user');
    for (let n = 0; n < 200; n += 2) await state.delete('user', `u_${n}`);
    for (let n = 1; n < 200; n += 2) await state.put('user', `u_${n}`, 'another');
    await state.scrub([]);
    const bytes = [file, `${file}-wal`].map((path) => readFileSync(path));
    expect(bytes.map((one) => one.includes('CANARY'))).toEqual([false, false]);
    expect(await beside.list('user')).toHaveLength(100);
  });

  test('a file that is no database is named as damaged, not overwritten', () => {
    const file = join(temporaryDirectory(), 'state.db');
    writeFileSync(file, 'a text of somebody else '.repeat(100));
    expect(() => openState(file)).toThrow(expect.objectContaining({ code: 'state_damaged' }));
    expect(statSync(file).size).toBe(2400);
  });

  test('a file of a newer version is refused', () => {
    const file = join(temporaryDirectory(), 'state.db');
    const newer = new Database(file);
    newer.exec('pragma user_version = 99');
    newer.close();
    expect(() => openState(file)).toThrow(expect.objectContaining({ code: 'state_too_new' }));
  });

  test('a closed state says so, and may be closed again', async () => {
    const state = openState(join(temporaryDirectory(), 'state.db'));
    await state.close();
    await state.close();
    await expect(state.get('user', 'x')).rejects.toMatchObject({ code: 'state_closed' });
  });

  test('a path that cannot be a file is an error with a code', () => {
    expect(() => openState(temporaryDirectory())).toThrow(expect.objectContaining({ code: 'storage_failed' }));
  });
});
