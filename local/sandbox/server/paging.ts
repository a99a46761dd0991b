/** What may go wrong with an answer that is made: with the page itself, or on its way. */
export type ServedFault =
  | 'looping_page'
  | 'shrinking_page'
  | 'renamed_field'
  | 'truncated_body'
  | 'reset_after_served'
  | 'clock_skew'
  | 'stall';

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined behind the last one. */
  readonly next: number | undefined;
}

/** The page that begins at `from`. A looping one points at itself (never the first, which has no name), a shrinking one ends early and says so. */
export function pageOf<T>(items: readonly T[], from: number, size: number, fault: ServedFault | undefined): Page<T> {
  const length = fault === 'shrinking_page' ? Math.max(1, Math.floor(Math.min(size, items.length - from) / 2)) : size;
  const page = items.slice(from, from + length);
  const end = from + page.length;
  if (fault === 'looping_page' && from > 0) return { items: page, next: from };
  return { items: page, next: end < items.length ? end : undefined };
}

type Row = Readonly<Record<string, unknown>>;

/** Fields that matter to whoever reads them: the first of them a row has is the one that is called otherwise. */
const DEAR = [
  'measures',
  'total_sleep_duration',
  'data',
  'steps',
  'score',
  'bpm',
  'state',
  'spo2_percentage',
  'level',
  'vascular_age',
  'vo2_max',
  'weightInGrams',
];

/** The rows as they are, or with one field under another name. */
export function renamed(rows: readonly Row[], fault: ServedFault | undefined): readonly Row[] {
  if (fault !== 'renamed_field') return rows;
  return rows.map((row) => {
    const dear = DEAR.find((name) => name in row);
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name === dear ? `${name}_v3` : name, value]));
  });
}
