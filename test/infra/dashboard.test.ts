import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readMarts } from '../../infra/marts.ts';

// The definition is held to the marts. That QuickSight takes and draws it, only an account shows.

const text = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const id = z.string().regex(/^[\w-]+$/);
const dashboard = z
  .object({
    DashboardId: z.literal('STACK-overview'),
    Definition: z.object({
      DataSetIdentifierDeclarations: z.array(z.object({ Identifier: z.string(), DataSetArn: z.string() })),
      Sheets: z.array(
        z.object({ SheetId: id, Visuals: z.array(z.record(z.string(), z.looseObject({ VisualId: id }))) }),
      ),
      FilterGroups: z.array(z.looseObject({})),
    }),
  })
  .parse(JSON.parse(text('infra/quicksight/overview.json')));
const { DataSetIdentifierDeclarations: sets, Sheets: sheets, FilterGroups: filters } = dashboard.Definition;

const column = z.object({ DataSetIdentifier: z.string(), ColumnName: z.string() });
const filter = z.object({
  Column: column,
  Configuration: z.object({ FilterListConfiguration: z.object({ CategoryValues: z.array(z.string()) }) }),
});
const scope = z.object({ SheetId: z.string(), VisualIds: z.array(z.string()) });

/** Everything below a value that has a shape. */
function allOf<T>(shape: z.ZodType<T>, value: unknown): T[] {
  const { data } = shape.safeParse(value);
  const below = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return [...(data === undefined ? [] : [data]), ...below.flatMap((one) => allOf(shape, one))];
}

const marts = readMarts();
const typeOf = ({ DataSetIdentifier, ColumnName }: z.output<typeof column>) =>
  marts[DataSetIdentifier]?.find(({ name }) => name === ColumnName)?.type;

test('each of its data sets is one the stack makes', () => {
  expect(sets.filter(({ Identifier }) => marts[Identifier] === undefined)).toEqual([]);
  expect(sets.map(({ DataSetArn }) => DataSetArn)).toEqual(
    sets.map(({ Identifier }) => `arn:aws:quicksight:REGION:ACCOUNT:dataset/STACK-${Identifier}`),
  );
});

test('each of its columns is one of the mart, of a type its field takes', () => {
  const columns = allOf(column, dashboard);
  expect(columns.length).toBeGreaterThan(20);
  expect(columns.filter((one) => typeOf(one) === undefined)).toEqual([]);
  const wrong = (kind: string, types: readonly unknown[]) =>
    allOf(z.object({ [kind]: z.object({ Column: column }) }), dashboard)
      .flatMap((one) => (one[kind] === undefined ? [] : [one[kind].Column]))
      .filter((one) => !types.includes(typeOf(one)));
  expect(wrong('DateDimensionField', ['DATETIME'])).toEqual([]);
  expect(wrong('NumericalMeasureField', ['DECIMAL', 'INTEGER'])).toEqual([]);
  expect(wrong('CategoricalDimensionField', ['STRING'])).toEqual([]);
});

test('its filters name visuals there are and metrics there are', () => {
  const shown = sheets.flatMap(({ SheetId, Visuals }) =>
    Visuals.flatMap((one) => Object.values(one).map(({ VisualId }) => `${SheetId}/${VisualId}`)),
  );
  const named = allOf(scope, filters).flatMap(({ SheetId, VisualIds }) => VisualIds.map((one) => `${SheetId}/${one}`));
  expect(named.length).toBe(filters.length);
  expect(named.filter((one) => !shown.includes(one))).toEqual([]);
  const metrics = text('models/metrics.csv')
    .split('\n')
    .map((line) => line.split(',')[0]);
  const asked = allOf(filter, filters).flatMap((one) => one.Configuration.FilterListConfiguration.CategoryValues);
  expect(asked.length).toBe(filters.length);
  expect(asked.filter((one) => !metrics.includes(one))).toEqual([]);
});
