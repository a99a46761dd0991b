import type { Row } from '../../ports/warehouse/warehouse.ts';

/** What a list answers: rows as the tables spell them, and where the next page starts. */
export interface Page {
  readonly items: readonly Row[];
  readonly next_cursor: string | null;
}

/** One page of rows of some people: days are local and inclusive. */
export interface PageRequest {
  /** Ascending ids; the empty id stands for rows that belong to nobody or are not asked by person. */
  readonly users: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly metric?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Where rows come from: ascending by `key`, those greater than `after` only, at most `limit`. */
export type RowSource = (
  request: Pick<PageRequest, 'from' | 'to' | 'metric' | 'limit'> & { readonly userId: string; readonly after: string },
) => Promise<readonly { readonly key: string; readonly row: Row }[]>;

/** Reads person after person until the page is full; rows written meanwhile never shift what was already given. */
export async function readPage(source: RowSource, request: PageRequest): Promise<Page> {
  const start = request.cursor === undefined ? undefined : decodeCursor(request.cursor);
  const items: Row[] = [];
  let last: readonly [string, string] | undefined;
  for (const userId of request.users) {
    if (start !== undefined && userId < start[0]) continue;
    const after = start !== undefined && userId === start[0] ? start[1] : '';
    // One more than fits tells whether there is a next page.
    const found = await source({ ...request, userId, after, limit: request.limit - items.length + 1 });
    for (const { key, row } of found) {
      if (items.length === request.limit && last !== undefined) return { items, next_cursor: encodeCursor(last) };
      items.push(row);
      last = [userId, key];
    }
  }
  return { items, next_cursor: null };
}

function encodeCursor(position: readonly [string, string]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position a cursor stands for; undefined when it is not one of ours. */
export function decodeCursor(cursor: string): readonly [string, string] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [user, key]: readonly unknown[] = value;
    return typeof user === 'string' && typeof key === 'string' ? [user, key] : undefined;
  } catch {
    return undefined;
  }
}
