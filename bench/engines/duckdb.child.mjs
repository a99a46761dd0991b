// Bare DuckDB: reads the documents of a batch and counts them by type and day, and nothing else. Plain Node, so that nothing of ours has to start.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , directory] = process.argv;
const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' });
const connection = await instance.connect();
const files = `'${`${directory}/raw/**/*.json`.replaceAll("'", "''")}'`;
const reader = await connection.runAndReadAll(
  `select json_extract_string(json, '$.type') as type, substr(json_extract_string(json, '$.time'), 1, 10) as day,
     cast(count(*) as int) as objects, sum(length(json)) as characters
   from read_ndjson_objects(${files}, maximum_object_size = 33554432) group by all`,
);
const rows = reader.getRows();
const objects = rows.reduce((sum, row) => sum + row[2], 0);
process.stdout.write(
  `=> ${JSON.stringify({ objects, groups: rows.length, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`,
);
