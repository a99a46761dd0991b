import { expect, test } from 'vitest';
import { ANNA, openToy, steps } from '../ports/engine/small/memory.ts';

// The lake is in memory: the same calls in the same order as to S3 and Glue, and any of them can be the last one of a process. Each costs a
// second or two: of some fifty every fifth is tried, and each of the last four, which differ in kind (row, record, event, marker). At any of them:
// KILLS=all.

/** The rows of every table, `batches` and what tells our own work aside. */
async function seen(toy: ReturnType<typeof openToy>): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of ['objects', 'records', 'taken', 'account_owners']) {
    const rows = await toy.rows(name);
    found[name] = JSON.stringify(rows.map((row) => JSON.stringify({ ...row, batch_id: undefined })).toSorted());
  }
  for (const [name, rows] of Object.entries(await toy.tables())) found[name] = JSON.stringify(rows);
  return found;
}

const finished = async (toy: ReturnType<typeof openToy>): Promise<readonly string[]> =>
  (await toy.place.list('runs/')).filter((key) => key.endsWith('/batch.json'));

test('a run that ends at every fifth of its calls, or at one of the last four, leaves old or new tables, and the next one makes them new and tells it once', async () => {
  const toy = openToy();
  await toy.take([...ANNA, steps('anna', '2026-10-18', 1), steps('anna', '2026-11-17', 1, 1)]);
  const before = await seen(toy);
  await toy.store([steps('anna', '2026-10-18', 2, 2), steps('anna', '2026-11-19', 3, 3)]);
  const putBack = toy.keepState();
  const calls = toy.calls();
  await toy.take();
  const after = await seen(toy);
  const needed = toy.calls() - calls;
  expect(after).not.toEqual(before);
  // The marker, five files of six tables and more, lines, row, record, event and the marker again.
  expect(needed).toBeGreaterThan(35);
  const all = Array.from({ length: needed }, (_, at) => at + 1);
  const isTried = (n: number): boolean => process.env['KILLS'] === 'all' || n % 5 === 1 || n > needed - 4;
  for (const n of all.filter(isTried)) {
    putBack();
    toy.endAt(n);
    await expect(toy.take(), `ended at call ${n}`).rejects.toThrow();
    toy.endAt();
    const left = await seen(toy);
    for (const [name, rows] of Object.entries(left)) {
      expect([before[name], after[name]], `${name} after an end at call ${n}`).toContain(rows);
    }
    await toy.take();
    expect(await seen(toy), `healed after an end at call ${n}`).toEqual(after);
    const records = await finished(toy);
    expect(records, `told after an end at call ${n}`).toHaveLength(2);
    const id = records.toSorted().at(-1)?.split('/')[1] ?? '';
    expect(new Set(toy.events.map(({ detail }) => ('batch_id' in detail ? detail.batch_id : ''))).size).toBe(2);
    expect(toy.events.at(-1)).toMatchObject({ detail: { batch_id: id, users: ['u_anna'] } });
    expect(await toy.lines(id, 'changed/daily_metrics.ndjson')).toHaveLength(2);
    expect(await toy.lines(id, 'taken.ndjson')).toHaveLength(2);
    // A batch that was broken off is gone on with: its row is that of the record, whether it was there or not.
    const rows = await toy.rows('batches', 'batch_id, n_objects');
    expect(rows, `batches after an end at call ${n}`).toHaveLength(2);
    expect(rows).toContainEqual({ batch_id: id, n_objects: 2 });
    expect(await toy.place.list('open/')).toEqual([]);
  }
}, 1_800_000);
