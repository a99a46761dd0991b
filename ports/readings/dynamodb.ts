import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { type AwsConnection, clientSettings, told } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Row } from '../warehouse/warehouse.ts';
import { createBatches, type Item, type Write } from './dynamodb-batches.ts';
import { createPlaces } from './dynamodb-places.ts';
import { idOf, inOrder, partitionOf, placeIn, SHAPES, tailOf, userOf } from './dynamodb-rows.ts';
import {
  type Range,
  READINGS_TABLES,
  type ReadingsChange,
  type ReadingsStore,
  type ReadingsTable,
} from './readings.ts';

/** Behind every sort key there can be. */
const LAST = '\u{10ffff}';

/**
 * A copy of the marts in the table of the state: one partition a person, sorted by table and day, so that a range of days is one query; a
 * metric is picked out of the days it is asked for. Reads are consistent ones: the summary is written right after the copy.
 */
export function createDynamoReadings(options: {
  readonly table: string;
  readonly clock: Clock;
  readonly connection?: AwsConnection;
}): ReadingsStore {
  const { table: TableName } = options;
  const client = new DynamoDBClient(clientSettings(options.connection ?? {}));
  const batches = createBatches({ ...options, client });
  const places = createPlaces(batches);

  /** Items of a person between two sort keys, those of one metric only where one is given. */
  async function* items(userId: string, from: string, to: string, metric?: string): AsyncIterable<Item> {
    const keys = { ':kind': { S: partitionOf(userId) }, ':from': { S: from }, ':to': { S: to } };
    const input = {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'kind = :kind and id between :from and :to',
      ...(metric === undefined
        ? { ExpressionAttributeValues: keys }
        : { FilterExpression: 'metric = :metric', ExpressionAttributeValues: { ...keys, ':metric': { S: metric } } }),
    };
    for await (const { Items = [] } of paginateQuery({ client }, input)) yield* Items;
  }

  async function rows(table: ReadingsTable, { userId, from, to, metric }: Range): Promise<readonly Row[]> {
    const picked = SHAPES[table].metric === undefined ? undefined : metric;
    const found: Row[] = [];
    for await (const { row } of items(userId, `${table}#${from}`, `${table}#${to}#${LAST}`, picked)) {
      found.push(JSON.parse(row?.S ?? '{}'));
    }
    return found.toSorted(inOrder(table));
  }

  /** Rows that are there are written last: one that is there now wins over the same one gone, in whatever order they came. */
  async function applyDated(table: ReadingsTable, changes: readonly ReadingsChange[]): Promise<void> {
    const gone = changes.flatMap((change) => ('gone' in change ? [dropOf(table, change.gone)] : []));
    const put = changes.flatMap((change) => ('row' in change ? [putOf(table, change.row)] : []));
    await batches.write([...gone, ...put]);
  }

  /**
   * Old rows go first, then the places are noted, then the new rows are written: cut short anywhere, the same again finds whatever is left,
   * and never is a row somewhere that no place leads to.
   */
  async function applySessions(table: ReadingsTable, changes: readonly ReadingsChange[]): Promise<void> {
    const before = await places.find(
      table,
      changes.map((change) => ('row' in change ? change.row : change.gone)),
    );
    const now = new Map(
      changes.flatMap((change) => ('row' in change ? [[tailOf(table, change.row), change.row]] : [])),
    );
    const tails = new Set(changes.map((change) => tailOf(table, 'row' in change ? change.row : change.gone)));
    const old = [...before].filter(([tail, { userId, id }]) => {
      const row = now.get(tail);
      return row === undefined || userOf(table, row) !== userId || idOf(table, row) !== id;
    });
    await batches.write(old.map(([, { userId, id }]) => ({ kind: partitionOf(userId), id, item: undefined })));
    const noted = [...tails].map((tail) => {
      const row = now.get(tail);
      return places.note(table, tail, row && { userId: userOf(table, row), id: idOf(table, row) });
    });
    await batches.write(noted);
    await batches.write([...now.values()].map((row) => putOf(table, row)));
  }

  async function remove(userId: string): Promise<number> {
    const kind = partitionOf(userId);
    const writes: Write[] = [];
    const notes: Write[] = [];
    for await (const { id } of items(userId, '!', LAST)) {
      const { table, tail } = placeIn(id?.S ?? '');
      writes.push({ kind, id: id?.S ?? '', item: undefined });
      if (!SHAPES[table].dated) notes.push(places.note(table, tail, undefined));
    }
    await batches.write(notes);
    await batches.write(writes);
    return writes.length;
  }

  const reader = (table: ReadingsTable) => (range: Range) => told('Reading readings', () => rows(table, range));
  return {
    tables: READINGS_TABLES,
    daily: reader('daily_metrics'),
    sleep: reader('sleep_sessions'),
    workouts: reader('workouts'),
    meals: reader('meals'),
    scores: reader('scores'),
    baselines: reader('baselines_daily'),
    anomalies: reader('anomalies'),
    readiness: reader('readiness_daily'),
    apply: (table, changes) =>
      told('Copying readings', () => (SHAPES[table].dated ? applyDated : applySessions)(table, changes)),
    remove: (userId) => told('Removing readings', () => remove(userId)),
  };
}

function dropOf(table: ReadingsTable, row: Row): Write {
  return { kind: partitionOf(userOf(table, row)), id: idOf(table, row), item: undefined };
}

function putOf(table: ReadingsTable, row: Row): Write {
  const { metric } = SHAPES[table];
  const named = metric === undefined ? {} : { metric: { S: String(row[metric]) } };
  return { ...dropOf(table, row), item: { row: { S: JSON.stringify(row) }, ...named } };
}
