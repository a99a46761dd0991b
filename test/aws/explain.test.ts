import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../../app/cells.ts';
import { tables } from '../../app/lineage.ts';
import { belongsTo, holds, holdsOneOf, selectRows, within } from '../../app/explain/statement.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createAthenaWarehouse } from '../../ports/warehouse/athena.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import type { Cell } from '../../ports/warehouse/warehouse.ts';
import { everything } from '../models/everything.ts';
import { startAthena } from '../support/athena.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { openLake } from '../support/lake.ts';
import { MODELS } from '../support/transform.ts';
import { describeTrino } from '../support/trino.ts';

const impatient = { ...createSystemClock(), sleep: () => Promise.resolve() };

describeTrino('what explain asks of every stored table', () => {
  test('is answered the same here and through Athena', async () => {
    const home = makeDirectory();
    const athena = await startAthena();
    const lake = openLake({ models: MODELS, directory: join(home, 'lake') });
    await lake.batch(everything());
    const here = createDuckDbWarehouse({ directory: lake.directory, modelsDirectory: MODELS });
    athena.play({ directory: lake.directory, console: here });
    const { connection } = athena;
    const there = createAthenaWarehouse({ workGroup: 'people', database: 'lake', clock: impatient, connection });
    try {
      for (const table of tables().values()) {
        const [row = {}] = (await here.query(`from "${table.name}" limit 1`)).rows;
        const own = table.grain.map((column) => holds(table, column, row[column] ?? null));
        const whose = table.columns['user_id'] === undefined ? [] : [belongsTo(textOf(row['user_id']) || null, true)];
        const days = table.columns['local_date'] === undefined ? [] : [within(table, '2026-01-01', '2026-12-31')];
        const one = table.grain.slice(0, 1).map((column): Cell => row[column] ?? '');
        const some = table.grain.slice(0, 1).map((column) => holdsOneOf(table, column, [...one, ...one]));
        for (const conditions of [
          [...own, ...whose],
          [...some, ...days, ...whose],
        ]) {
          const { query, values } = selectRows(table, conditions, 50);
          const expected = await here.run(query, values);
          expect(await there.run(query, values), query.sql).toEqual(expected);
          // Of each published table there is a row; of a step on the way there may be none.
          if (table.published) expect(expected.length, query.sql).toBeGreaterThan(0);
        }
      }
    } finally {
      await here.close();
      athena.stop();
      removeDirectory(home);
    }
  });
});
