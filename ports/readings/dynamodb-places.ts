import { type createBatches, type Item, keyOf, type Write } from './dynamodb-batches.ts';
import { tailOf } from './dynamodb-rows.ts';
import type { ReadingsTable } from './readings.ts';
import type { Row } from '../warehouse/warehouse.ts';

const kindOf = (table: ReadingsTable, tail: string): string => `reading-place#${table}#${tail}`;

/** Where the row of a session lies: its person and sort key. */
export interface Place {
  readonly userId: string;
  readonly id: string;
}

/**
 * Where sessions lie. A session is told apart by its own id alone: it can move to another day, and with its account to another person, and
 * one that is gone is named by that id alone.
 */
export function createPlaces(batches: ReturnType<typeof createBatches>) {
  return {
    async find(table: ReadingsTable, rows: readonly Row[]): Promise<ReadonlyMap<string, Place>> {
      const tails = [...new Set(rows.map((row) => tailOf(table, row)))];
      const items = await batches.read(tails.map((tail) => keyOf(kindOf(table, tail), table)));
      return new Map(
        items.map((item) => [textIn(item, 'tail'), { userId: textIn(item, 'user_id'), id: textIn(item, 'place') }]),
      );
    },
    /** Notes a place, or that there is none. */
    note(table: ReadingsTable, tail: string, place: Place | undefined): Write {
      const item = place && { tail: { S: tail }, user_id: { S: place.userId }, place: { S: place.id } };
      return { kind: kindOf(table, tail), id: table, item };
    },
  };
}

function textIn(item: Item, name: string): string {
  return item[name]?.S ?? '';
}
