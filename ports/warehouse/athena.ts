import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { type AwsConnection, awsError, clientSettings } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import { athenaCell } from './athena-cells.ts';
import { positional } from './athena-parameters.ts';
import type { Row, Warehouse } from './warehouse.ts';

const WHAT = 'A query of Athena';
/** Most queries take about a second: asked soon at first, then more and more seldom. */
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2000;
const GROWTH = 1.5;
/** An HTTP API waits 30 s for its function. */
const TIMEOUT_MS = 25_000;

export interface AthenaOptions {
  /** The workgroup, whose settings (results, scan limit, engine) hold whatever is asked. */
  readonly workGroup: string;
  readonly database: string;
  readonly clock: Clock;
  /** How long a query may take, in ms; then it is stopped. */
  readonly timeoutMs?: number;
  readonly connection?: AwsConnection;
}

const FAILED = 'Its history in the Athena console shows the text and the reason.';

// The reason Athena gives may repeat values, so it is judged and never told.
function failure(name: string, { Status: status, QueryExecutionId: id = '' }: QueryExecution): PortError {
  const reason = status?.StateChangeReason ?? '';
  const about = `The query ${name} (${id})`;
  if (/bytes scanned limit/i.test(reason)) {
    return new PortError('scan_limit', `${about} would read more than the workgroup allows.`, {
      remedy: 'Ask for fewer days, or raise the scan limit of the stack.',
    });
  }
  if (status?.State === 'CANCELLED') {
    return new PortError('query_cancelled', `${about} was cancelled.`, { remedy: 'Ask again.' });
  }
  const { ErrorCategory: category = 0, ErrorType: type = 0, Retryable: again = false } = status?.AthenaError ?? {};
  return new PortError('query_failed', `${about} failed (category ${category}, type ${type}).`, {
    remedy: again ? 'Try again in a minute.' : FAILED,
  });
}

const isMissing = ({ Status: status }: QueryExecution): boolean =>
  status?.State === 'FAILED' && /^TABLE_NOT_FOUND\b/.test(status.StateChangeReason ?? '');

/**
 * Named queries through Athena. Each table of a query is read as of one Iceberg snapshot, so a query of one table sees one batch whole; the
 * tables of a batch are committed one after the other, so one of several tables that runs just then may see the new batch in some of them.
 * Answers are never reused. Codes: `query_failed`, `query_cancelled`, `query_timeout` (the query is stopped), `scan_limit`,
 * `wrong_parameters`, `unreadable_answer`, and those of `ports/aws.ts`.
 */
export function createAthenaWarehouse(options: AthenaOptions): Warehouse {
  const { clock, timeoutMs = TIMEOUT_MS } = options;
  const client = new AthenaClient(clientSettings(options.connection ?? {}));

  async function start(sql: string, values: readonly string[]): Promise<string> {
    const { QueryExecutionId: id } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: options.workGroup,
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: options.database },
        // Athena refuses an empty list.
        ...(values.length === 0 ? {} : { ExecutionParameters: [...values] }),
      }),
    );
    if (id === undefined) throw new PortError('query_failed', 'Athena started a query and gave it no id.');
    return id;
  }

  async function ended(name: string, id: string): Promise<QueryExecution> {
    const deadline = clock.now() + timeoutMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
      const { QueryExecution: execution = {} } = await client.send(
        new GetQueryExecutionCommand({ QueryExecutionId: id }),
      );
      if (/^(SUCCEEDED|FAILED|CANCELLED)$/.test(execution.Status?.State ?? '')) return execution;
      const leftMs = deadline - clock.now();
      if (leftMs <= 0) {
        throw new PortError(
          'query_timeout',
          `The query ${name} (${id}) took longer than ${timeoutMs} ms and was stopped.`,
          {
            remedy: 'Ask for fewer days, or try again: Athena may have had many to answer.',
          },
        );
      }
      await clock.sleep(Math.min(pauseMs, leftMs));
    }
  }

  async function results(id: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let next: string | undefined;
    do {
      const page = await client.send(
        new GetQueryResultsCommand({ QueryExecutionId: id, ...(next === undefined ? {} : { NextToken: next }) }),
      );
      const columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      // The names of the columns come as the first row of the first page.
      for (const { Data: data = [] } of (page.ResultSet?.Rows ?? []).slice(next === undefined ? 1 : 0)) {
        const cells = columns.map(({ Name, Type = '' }, i) => [Name, athenaCell(Type, data[i]?.VarCharValue)] as const);
        rows.push(Object.fromEntries(cells));
      }
      next = page.NextToken;
    } while (next !== undefined);
    return rows;
  }

  /** The jobs make the tables with their first run, and its row in `batches` last: until then there is nothing in any. */
  async function isBeforeFirstBatch(): Promise<boolean> {
    const { id, execution } = await execute('batches', 'select count(*) as n from batches', []);
    if (execution.Status?.State !== 'SUCCEEDED') return isMissing(execution);
    const [row] = await results(id);
    return row?.['n'] === 0;
  }

  async function execute(name: string, sql: string, values: readonly string[]) {
    const id = await start(sql, values);
    const execution = await ended(name, id).catch(async (error: unknown) => {
      // Nobody waits for it any more, and what it costs has its limit: a refusal to stop it changes nothing.
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
      throw error;
    });
    return { id, execution };
  }

  return {
    async run(query, parameters = {}) {
      const { sql, values } = positional(query, parameters);
      try {
        const { id, execution } = await execute(query.name, sql, values);
        if (execution.Status?.State === 'SUCCEEDED') return await results(id);
        if (isMissing(execution) && (await isBeforeFirstBatch())) return [];
        throw failure(query.name, execution);
      } catch (error) {
        throw error instanceof PortError ? error : awsError(error, WHAT);
      }
    },
  };
}
