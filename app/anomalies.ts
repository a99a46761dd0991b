import type { Row } from '../ports/warehouse/warehouse.ts';
import { textOf } from './cells.ts';

const SEVERITIES = ['extreme', 'strong', 'notable'] as const;

/** A value far from the person's own normal, in words (`anomalies`). */
export interface Anomaly {
  readonly metric: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly sentence: string;
}

/** The anomalies of one day from their rows, the most severe first. */
export function anomaliesOf(rows: readonly Row[]): readonly Anomaly[] {
  return SEVERITIES.flatMap((severity) =>
    rows
      .filter((row) => row['severity'] === severity)
      .map((row) => ({ metric: textOf(row['metric']), severity, sentence: textOf(row['sentence']) })),
  );
}
