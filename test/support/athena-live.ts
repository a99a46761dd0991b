import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createAthenaWarehouse } from '../../ports/warehouse/athena.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import type { Cell, Table, Warehouse } from '../../ports/warehouse/warehouse.ts';
import { athenaType } from './athena-text.ts';
import { type Lake, openLake, TOY_MODELS } from './lake.ts';

/** The toy tables and what makes a row of them. */
const GRAINS = {
  observations: ['user_id', 'raw_key', 'raw_pointer'],
  daily_metrics: ['user_id', 'local_date', 'metric'],
  raw_objects: ['raw_key'],
  batches: ['batch_id'],
} as const;

const clock = createSystemClock();
const { env } = process;

/**
 * What a run on Athena itself needs, beside `LIVE=1`, a region and credentials: a workgroup of engine 3 that says where answers go, a Glue
 * database whose tables the test may drop, and a place for them (`s3://bucket/prefix`).
 */
const live = {
  workGroup: env['LIVE_ATHENA_WORKGROUP'] ?? '',
  database: env['LIVE_ATHENA_DATABASE'] ?? '',
  tables: env['LIVE_ATHENA_TABLES'] ?? '',
};

async function execute(client: AthenaClient, sql: string): Promise<void> {
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: live.workGroup,
      QueryExecutionContext: { Database: live.database },
    }),
  );
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State: state, StateChangeReason: reason } = QueryExecution?.Status ?? {};
    if (state === 'SUCCEEDED') return;
    if (state === 'FAILED' || state === 'CANCELLED') throw new Error(`${sql.slice(0, 60)}: ${reason}`);
    await clock.sleep(200);
  }
}

const hiveType = (duckdb: string): string =>
  ({ varchar: 'string', integer: 'int', 'timestamp with time zone': 'timestamp' })[athenaType(duckdb)] ??
  athenaType(duckdb);

function literal(duckdb: string, cell: Cell): string {
  const type = athenaType(duckdb).replace(' with time zone', '(6)');
  if (cell === null) return `cast(null as ${type})`;
  const text = type === 'timestamp(6)' ? String(cell).replace('T', ' ').replace('Z', '') : String(cell);
  return `cast('${text.replaceAll("'", "''")}' as ${type})`;
}

/** Rows into their table in one commit, as a batch of the jobs commits each table. */
function mergeOf(name: keyof typeof GRAINS, { columns, rows }: Table): string {
  const names = columns.map((column) => column.name);
  const values = rows.map(
    (row) => `(${columns.map(({ name: of, type }) => literal(type, row[of] ?? null)).join(', ')})`,
  );
  return `merge into ${name} t using (values ${values.join(', ')}) as s (${names.join(', ')})
    on ${GRAINS[name].map((column) => `t.${column} = s.${column}`).join(' and ')}
    when matched then update set ${names.map((column) => `${column} = s.${column}`).join(', ')}
    when not matched then insert (${names.join(', ')}) values (${names.map((column) => `s.${column}`).join(', ')})`;
}

/** A lake of the toy models whose batches are copied into Athena, in tables made anew. */
export async function openLiveAthena(): Promise<{ lake: Pick<Lake, 'batch'>; warehouse: Warehouse }> {
  const client = new AthenaClient({});
  const lake = openLake();
  const here = createDuckDbWarehouse({ directory: lake.directory, modelsDirectory: TOY_MODELS });
  const names = ['observations', 'daily_metrics', 'raw_objects', 'batches'] as const;
  for (const name of names) await execute(client, `drop table if exists ${name}`);
  const place = `${live.tables.replace(/\/$/, '')}/${clock.now()}`;
  return {
    lake: {
      async batch(payloads, request) {
        const result = await lake.batch(payloads, request);
        for (const name of names) {
          const table = await here.query(`select * from ${name}`);
          const columns = table.columns.map((column) => `${column.name} ${hiveType(column.type)}`).join(', ');
          await execute(
            client,
            `create table if not exists ${name} (${columns}) location '${place}/${name}/' tblproperties ('table_type' = 'ICEBERG')`,
          );
          if (table.rows.length > 0) await execute(client, mergeOf(name, table));
        }
        return result;
      },
    },
    warehouse: createAthenaWarehouse({ workGroup: live.workGroup, database: live.database, clock }),
  };
}
