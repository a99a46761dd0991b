import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { AwsConnection } from '../../ports/aws.ts';
import { currentBatch } from '../../ports/engine/duckdb/manifest.ts';
import type { Console, Table } from '../../ports/warehouse/warehouse.ts';
import { athenaText, athenaType } from './athena-text.ts';
import { startTrino, type Tables } from './trino.ts';

/** The lake whose tables a played Athena has, from its first batch on. */
export interface PlayedLake {
  readonly directory: string;
  readonly console: Console;
}

/** How a query ends: its status as Athena tells it. `never` keeps running. */
export type Ending = 'never' | Readonly<Record<string, unknown>>;

const start = z.strictObject({
  QueryString: z.string().min(1),
  WorkGroup: z.literal('people'),
  QueryExecutionContext: z.strictObject({ Catalog: z.literal('AwsDataCatalog'), Database: z.literal('lake') }),
  ExecutionParameters: z.array(z.string().min(1).max(1024)).min(1).optional(),
  ClientRequestToken: z.string().min(32),
});
const which = z.object({ QueryExecutionId: z.string(), NextToken: z.string().optional() });

interface Execution {
  readonly end: Exclude<Ending, 'never'> | undefined;
  readonly answer: Table | undefined;
  asked: number;
  stopped: boolean;
}

export interface PlayedAthena {
  readonly connection: AwsConnection;
  /** Every call so far: its operation and what it sent. */
  readonly calls: { readonly operation: string; readonly input: unknown }[];
  /** From now on queries run over this lake, and end like this when `ending` is given. */
  play(lake: PlayedLake, ending?: Ending): void;
  stop(): void;
}

/** Columns of every table of a lake by Trino's types; none before the first batch. */
async function tablesOf({ directory, console }: PlayedLake): Promise<Tables> {
  if (currentBatch(directory) === undefined) return {};
  const { rows } = await console.query('select table_name, column_name, data_type from information_schema.columns');
  const tables: Record<string, Record<string, string>> = {};
  for (const row of rows) {
    (tables[String(row['table_name'])] ??= {})[String(row['column_name'])] = athenaType(String(row['data_type']));
  }
  return tables;
}

const failed = (reason: string) => ({
  end: { State: 'FAILED', StateChangeReason: reason, AthenaError: { ErrorCategory: 2, ErrorType: 1006 } },
  answer: undefined,
});

/** Athena's JSON protocol on this machine: what `trino.py` takes runs on DuckDB at the moment it is started, the rest fails. */
export async function startAthena(options: { readonly pageRows?: number } = {}): Promise<PlayedAthena> {
  const { pageRows = 1000 } = options;
  const trino = startTrino();
  const executions = new Map<string, Execution>();
  const calls: PlayedAthena['calls'] = [];
  let playing: { readonly lake: PlayedLake; readonly ending?: Ending } | undefined;

  async function execute(sql: string, parameters: readonly string[]): Promise<Pick<Execution, 'end' | 'answer'>> {
    if (playing === undefined) throw new Error('No lake is played.');
    const { lake, ending } = playing;
    if (ending !== undefined) return { end: ending === 'never' ? undefined : ending, answer: undefined };
    const made = await trino.translate(sql, await tablesOf(lake), parameters);
    if ('error' in made) return failed(made.error);
    return lake.console.query(made.duckdb).then(
      (answer) => ({ end: { State: 'SUCCEEDED' }, answer }),
      (error: unknown) => failed(String(error)),
    );
  }

  const known = (input: unknown): Execution => {
    const execution = executions.get(which.parse(input).QueryExecutionId);
    if (execution === undefined) throw new Error('There is no such query.');
    return execution;
  };

  const operations: Readonly<Record<string, (input: unknown) => unknown>> = {
    async StartQueryExecution(input) {
      const { QueryString: sql, ExecutionParameters: parameters = [] } = start.parse(input);
      const id = `q${executions.size + 1}`;
      executions.set(id, { ...(await execute(sql, parameters)), asked: 0, stopped: false });
      return { QueryExecutionId: id };
    },
    GetQueryExecution(input) {
      const execution = known(input);
      execution.asked += 1;
      const waiting = { State: execution.asked === 1 ? 'QUEUED' : 'RUNNING' };
      const Status = execution.stopped
        ? { State: 'CANCELLED' }
        : execution.asked < 3
          ? waiting
          : (execution.end ?? waiting);
      return { QueryExecution: { QueryExecutionId: which.parse(input).QueryExecutionId, Status } };
    },
    GetQueryResults(input) {
      const { answer, asked } = known(input);
      if (answer === undefined || asked < 3) throw new Error('Query has not yet finished.');
      const columns = answer.columns.map(({ name, type }) => ({ Name: name, Type: athenaType(type) }));
      const header = { Data: columns.map(({ Name }) => ({ VarCharValue: Name })) };
      const rows = answer.rows.map((row) => ({
        Data: columns.map(({ Name, Type }) => ({ VarCharValue: athenaText(Type, row[Name] ?? null) })),
      }));
      const from = Number(which.parse(input).NextToken ?? 0);
      const next = from + pageRows;
      return {
        ResultSet: { ResultSetMetadata: { ColumnInfo: columns }, Rows: [header, ...rows].slice(from, next) },
        ...(next < rows.length + 1 ? { NextToken: String(next) } : {}),
      };
    },
    StopQueryExecution(input) {
      known(input).stopped = true;
      return {};
    },
  };

  async function respond(request: IncomingMessage): Promise<unknown> {
    const operation = /^AmazonAthena\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256')) throw new Error('Nobody signed it.');
    const input: unknown = JSON.parse(await text(request));
    calls.push({ operation, input });
    const run = operations[operation];
    if (run === undefined) throw new Error(`There is no ${operation}.`);
    return run(input);
  }

  const server = createServer((request, response) => {
    void respond(request).then(
      (body) => response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(body)),
      (error: unknown) => {
        response.statusCode = 400;
        response.end(JSON.stringify({ __type: 'InvalidRequestException', Message: String(error) }));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  // The SDK wants credentials, whatever they are.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' });
  return {
    connection: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', attempts: 1 },
    calls,
    play: (lake, ending) => (playing = { lake, ...(ending === undefined ? {} : { ending }) }),
    stop() {
      server.close();
      trino.stop();
    },
  };
}
