import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { statedMarts } from '../../infra/marts.ts';
import { ofType } from '../../infra/rules/resources.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { MODELS } from '../support/transform.ts';
import { STACK_NAMES, type Recorded } from './recorded.ts';

const shape = z.object({
  name: z.string(),
  databaseName: z.string(),
  tableType: z.literal('VIRTUAL_VIEW'),
  viewOriginalText: z.string(),
  parameters: z.object({ presto_view: z.literal('true') }),
  storageDescriptor: z.object({ columns: z.array(z.object({ name: z.string(), type: z.string() })) }),
});
const told = z.object({
  originalSql: z.string(),
  catalog: z.literal('awsdatacatalog'),
  schema: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
});
/** As Athena reads the text Glue keeps. */
const read = (text: string) => {
  const [, packed = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(text) ?? [];
  return told.parse(JSON.parse(Buffer.from(packed, 'base64').toString('utf8')));
};

/** The views over the marts. That Athena takes them, only an account shows; their text and columns are held to the marts here. */
export function viewsAreTrue(recorded: Recorded): void {
  describe.each(STACK_NAMES)('the views of the stack %s', (name) => {
    test('are the marts under their other names, with all of their columns', async () => {
      const tables = ofType(recorded(name), 'aws:glue/catalogTable:CatalogTable').map(({ props }) => props);
      const views = tables.flatMap((props) => shape.safeParse(props).data ?? []);
      const marts = statedMarts().filter(({ alsoCalled }) => alsoCalled !== undefined);
      expect(views.map((view) => view.name).toSorted()).toEqual(
        marts.map(({ alsoCalled }) => String(alsoCalled)).toSorted(),
      );
      const warehouse = createDuckDbWarehouse({ directory: temporaryDirectory(), modelsDirectory: MODELS });
      for (const { name: mart, columns, alsoCalled } of marts) {
        const view = views.find((one) => one.name === alsoCalled);
        const { originalSql, schema, columns: typed } = read(view?.viewOriginalText ?? '');
        expect(schema).toBe(view?.databaseName);
        expect(originalSql).toMatch(new RegExp(` from ${mart}$`));
        const names = columns.map((column) => column.name);
        expect((await warehouse.query(originalSql)).columns.map((column) => column.name)).toEqual(names);
        expect(typed.map((column) => column.name)).toEqual(names);
        expect(view?.storageDescriptor.columns.map((column) => column.name)).toEqual(names);
      }
      await warehouse.close();
    });

    test('have types a view can have: an instant without a zone, by the millisecond', () => {
      const [view] = ofType(recorded(name), 'aws:glue/catalogTable:CatalogTable').flatMap(({ props }) => {
        const { data } = shape.safeParse(props);
        return data?.name === 'fact_workout' ? [data] : [];
      });
      const { originalSql, columns } = read(view?.viewOriginalText ?? '');
      const typeOf = (column: string) =>
        [columns, view?.storageDescriptor.columns ?? []].map((all) => all.find((one) => one.name === column)?.type);
      expect(typeOf('workout_id')).toEqual(['varchar', 'string']);
      expect(typeOf('offset_s')).toEqual(['integer', 'int']);
      expect(typeOf('distance_m')).toEqual(['double', 'double']);
      expect(typeOf('local_date')).toEqual(['date', 'date']);
      expect(typeOf('start_utc')).toEqual(['timestamp(3)', 'timestamp']);
      expect(typeOf('energy_includes_basal')).toEqual(['boolean', 'boolean']);
      expect(originalSql).toContain('cast(start_utc as timestamp(3)) as start_utc');
    });
  });
}
