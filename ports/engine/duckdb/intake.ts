import type { RawInput } from '../engine.ts';
import type { Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { eachSlice } from './slices.ts';
import { inList } from './sql.ts';

/** Columns of `objects` as models see them, in order; the engine keeps `intake` beside them. */
export const OBJECT_COLUMNS = `raw_key, raw_sha256, delivery_id, provider, account, type, received_ms, bytes, receiver,
  covers_from, covers_to, problem, problem_detail, batch_id`;

const RECORD_COLUMNS = `raw_key varchar, raw_sha256 varchar, delivery_id varchar, provider varchar, account varchar, type varchar,
  entity varchar, received_ms bigint, covers_from varchar, covers_to varchar, pointer varchar, parent varchar, key varchar,
  record varchar, carried varchar`;

/** Columns of `records` as models see them, in order. */
export const RECORD_NAMES = RECORD_COLUMNS.split(',')
  .map((column) => column.trim().split(' ')[0])
  .join(', ');

/** A typed empty select with the columns of `objects` and `intake`. */
export const EMPTY_OBJECTS = `select * from (select ${OBJECT_COLUMNS.split(',')
  .map((name) => name.trim())
  .map((name) => `cast(null as ${name === 'received_ms' || name === 'bytes' ? 'bigint' : 'varchar'}) as ${name}`)
  .join(', ')}, cast(null as varchar) as intake) where false`;

/** A typed empty select with the columns of `records`. */
export const EMPTY_RECORDS = `select ${RECORD_COLUMNS.split(',')
  .map((column) => column.trim().split(' '))
  .map(([name, type]) => `cast(null as ${type}) as ${name}`)
  .join(', ')} where false`;

/** Half a surrogate pair is legal in JSON text and refused by DuckDB's parser: it becomes the replacement character. */
function wholeCharacters(text: string): string {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return text;
  return text.replaceAll(
    /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\[\s\S]/g,
    (escape) => (escape.length === 6 ? '\\ufffd' : escape),
  );
}

/** Makes the empty tables `incoming` (documents to read) and `fresh_records` (what was read from them). */
export async function openIntake(database: Database): Promise<void> {
  await database.run(`create or replace temp table incoming (raw_key varchar, document varchar)`);
  await database.run(`create or replace temp table fresh_records (${RECORD_COLUMNS})`);
}

/** Adds documents to `incoming`; one given twice counts once. */
export async function takeIn(database: Database, objects: readonly RawInput[]): Promise<void> {
  const decoder = new TextDecoder();
  const unique = new Map(objects.map((object) => [object.key, object.document]));
  const rows = [...unique].map(([key, document]) => [key, wholeCharacters(decoder.decode(document))] as const);
  await database.append('incoming', rows);
}

/** What the envelopes of `reading` say. */
function envelopesSql(known: string, readable: string, batchId: string): string {
  return `with opened as (
       select raw_key, octet_length(encode(document)) as bytes, json_valid(document) as is_json,
         string_split(raw_key, '/') as path,
         case when json_valid(document) then json_extract_string(document, ['$.id', '$.source', '$.type', '$.subject', '$.time',
           '$.sha256', '$.receiver', '$.coversfrom', '$.coversto']) end as a,
         case when json_valid(document) then json_type(document, '$.data') end as data_type
       from reading
     ),
     named as (
       select raw_key, coalesce(a[6], regexp_extract(raw_key, '-([0-9a-f]{64})', 1)) as raw_sha256,
         system.main.regexp_replace(coalesce(a[1], raw_key), '/[0-9]+$', '') as delivery_id,
         coalesce(system.main.regexp_replace(a[2], '^wellspring/', ''), path[3]) as provider, coalesce(a[4], path[4]) as account,
         coalesce(a[3], path[3] || '.' || regexp_extract(path[5], '^(.*)-[0-9a-f]{64}', 1)) as type,
         coalesce(epoch_ms(try_cast(a[5] as timestamptz)), epoch_ms(try_cast(path[2] as timestamp)), 0) as received_ms,
         bytes, a[7] as receiver, a[8] as covers_from, a[9] as covers_to, is_json, data_type, try_cast(a[5] as timestamptz) as time
       from opened
     ),
     nobodys as (
       select raw_key, json_extract(document, '$.data') as data
       from reading semi join (select raw_key from named where account = 'a_unknown' and is_json) using (raw_key)
     ),
     -- by the text without its strings: a table of all its nodes would hold the whole text for each of them
     elements as (
       select raw_key from nobodys
       where regexp_matches(regexp_replace(cast(data as varchar), '"(?:[^"\\\\]|\\\\.)*"', 's'), '(^|:)[^\\[{n]|\\[[^\\]]')
     ),
     -- without an element nobody is meant: the address was only tried
     judged as (
       select *, case
           when not is_json then ['malformed', 'the stored document is not JSON']
           when time is null then ['malformed', 'the document names no receive time']
           when account = 'a_unknown' and raw_key in (select raw_key from elements) then ['no_account', 'an element names no account']
           when account = 'a_unknown' and data_type in ('OBJECT', 'ARRAY') then null
           when type not in ${known} then ['no_reader', 'no reader for type ' || type]
           when type in ${readable} and coalesce(data_type, '') not in ('OBJECT', 'ARRAY')
             then ['malformed', 'the data are not a JSON object or list']
         end as refusal
       from named
     )
     select raw_key, raw_sha256, delivery_id, provider, account, type, received_ms, bytes, receiver, covers_from, covers_to,
       refusal[1] as problem, refusal[2] as problem_detail, '${batchId}' as batch_id, cast('unread' as varchar) as intake
     from judged`;
}

/** Makes `arrivals`: what the envelopes of `incoming` say, with the problem of those that cannot be read. */
export async function readEnvelopes(database: Database, catalog: Catalog, batchId: string): Promise<void> {
  const known = inList(new Set(catalog.readers.map((reader) => reader.type)));
  const readable = inList(catalog.readers.filter((reader) => reader.steps !== undefined).map((reader) => reader.type));
  await materialize(database, 'arrivals', EMPTY_OBJECTS);
  await eachSlice(database, `select raw_key, 'any' as kind, strlen(document) as bytes from incoming`, () =>
    database.run(`insert into arrivals ${envelopesSql(known, readable, batchId)}`),
  );
}
