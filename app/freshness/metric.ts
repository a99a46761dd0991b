import type { NamedQuery, Row } from '../../ports/warehouse/warehouse.ts';
import { instantOf, textOf } from '../cells.ts';
import type { Runtime } from '../runtime.ts';

/** What is wrong. The table says the first seven; `provider_silent` and `not_measured` are what is late without one of them. */
const CAUSES = [
  'not_connected',
  'needs_reconnect',
  'revoked',
  'deregistered',
  'scope_missing',
  'quarantined',
  'unfinished_fetch',
  'provider_silent',
  'not_measured',
] as const;
export type Cause = (typeof CAUSES)[number];

/** How one metric of a provider fares now. */
export interface MetricFreshness {
  readonly provider: string;
  readonly metric: string;
  /** The account it is expected of; null when there is none. */
  readonly account: string | null;
  /** `scale`, `cuff` or `manual` where it is there only when the person does something. */
  readonly byHand: string | null;
  readonly lastDay: string;
  /** Unix ms; null while its rhythm is not known. */
  readonly expectedBy: number | null;
  readonly late: boolean;
  readonly cause: Cause | null;
  readonly detail: string | null;
  /** Unix ms. */
  readonly causeAt: number | null;
}

const FRESHNESS: NamedQuery = {
  name: 'freshness',
  sql: 'select * from freshness where user_id = $user_id order by provider, metric',
};

/** The published rows of one person with what is known now, by provider and metric. */
export async function readMetrics(
  runtime: Pick<Runtime, 'warehouse' | 'clock'>,
  userId: string,
): Promise<readonly { readonly row: Row; readonly fares: MetricFreshness }[]> {
  const rows = await runtime.warehouse.run(FRESHNESS, { user_id: userId });
  const read = rows.map((row) => ({ row, fares: readRow(row, runtime.clock.now()) }));
  const silent = new Set(read.filter(({ fares }) => isSilent(fares)).map(({ fares }) => fares.provider));
  return read.map(({ row, fares }) => ({ row, fares: named(fares, silent) }));
}

function readRow(row: Row, nowMs: number): MetricFreshness {
  const expectedBy = instantOf(row['expected_by']);
  return {
    provider: textOf(row['provider']),
    metric: textOf(row['metric']),
    account: textOf(row['account']) || null,
    byHand: textOf(row['by_hand']) || null,
    lastDay: textOf(row['last_day']).slice(0, 10),
    expectedBy,
    late: expectedBy !== null && expectedBy < nowMs,
    cause: CAUSES.find((cause) => cause === row['cause']) ?? null,
    detail: textOf(row['cause_detail']) || null,
    causeAt: instantOf(row['cause_at']),
  };
}

function isSilent({ late, cause, byHand }: MetricFreshness): boolean {
  return late && cause === null && byHand === null;
}

/** What a person does by hand is missed only where the rest of the provider is missed as well: nobody has to stand on a scale. */
function named(fares: MetricFreshness, silent: ReadonlySet<string>): MetricFreshness {
  if (!fares.late || fares.cause !== null) return fares;
  const cause = fares.byHand === null || silent.has(fares.provider) ? 'provider_silent' : 'not_measured';
  return { ...fares, cause };
}
