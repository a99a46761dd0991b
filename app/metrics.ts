import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

const metricRow = z.object({
  metric: z.string(),
  title: z.string(),
  unit: z.string(),
  kind: z.string(),
  day_rule: z.string(),
  value_stat: z.string(),
  decimals: z.coerce.number().int(),
  min: z.coerce.number(),
  max: z.coerce.number(),
  loinc: z.string(),
});

/** One line of `models/metrics.csv`: what a metric is called, its canonical unit, how its day value is made and what it can be (inclusive). */
export type Metric = z.infer<typeof metricRow>;

let catalogue: ReadonlyMap<string, Metric> | undefined;

/** All metrics by id, in the order of the catalogue; read once from `models/metrics.csv`. */
export function metrics(): ReadonlyMap<string, Metric> {
  if (catalogue === undefined) {
    const text = readFileSync(new URL('../models/metrics.csv', import.meta.url), 'utf8');
    const rows = z.array(metricRow).parse(parse(text, { columns: true, skip_empty_lines: true }));
    catalogue = new Map(rows.map((row) => [row.metric, row]));
  }
  return catalogue;
}

/** A metric by id; an id the catalogue does not know (an older batch) still gets a readable title. */
export function metricOf(id: string, unit = ''): Metric {
  return (
    metrics().get(id) ?? {
      metric: id,
      title: id.replaceAll('_', ' '),
      unit,
      kind: 'daily',
      day_rule: '',
      value_stat: '',
      decimals: 1,
      min: -Infinity,
      max: Infinity,
      loinc: '',
    }
  );
}
