import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { PortError } from '../errors.ts';

const READS: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN];

const refuse = (message: string, cause?: unknown): PortError =>
  new PortError('query_refused', message, {
    remedy: 'Give one statement that reads: select, with, from, describe, show, summarize or explain.',
    cause,
  });

/** Throws `query_refused` unless the text is one statement that only reads. */
export async function checkStatement(connection: DuckDBConnection, sql: string): Promise<void> {
  let type: StatementType;
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw refuse(`the text holds ${statements.count} statements`);
    type = (await statements.prepare(0)).statementType;
  } catch (error) {
    throw error instanceof PortError ? error : refuse(String(error), error);
  }
  if (!READS.includes(type)) throw refuse('the statement would do more than read');
}
