import type { Context } from 'hono';
import { WellspringError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf } from '../viewer.ts';
import type { List } from './lists.ts';
import { readPage, type Page } from './page.ts';
import type { ListQuery } from './schemas.ts';
import { people } from './viewer.ts';

const FIRST_DAY = '0001-01-01';
const LAST_DAY = '9999-12-31';

/** The part of a list's query that chooses rows, with open ends where no day is given. */
export function rangeOf(query: ListQuery) {
  const { from = FIRST_DAY, to = LAST_DAY, limit, metric, cursor } = query;
  return { from, to, limit, ...(metric === undefined ? {} : { metric }), ...(cursor === undefined ? {} : { cursor }) };
}

/** One page of a list for this viewer; throws `forbidden` where the list is not theirs to see. */
export async function readList(c: Context<ViewerEnv>, runtime: Runtime, list: List, query: ListQuery): Promise<Page> {
  return readPage(list.source(runtime), { users: await idsFor(c, runtime, list, query.user_id), ...rangeOf(query) });
}

async function idsFor(
  c: Context<ViewerEnv>,
  runtime: Runtime,
  list: List,
  asked: string | undefined,
): Promise<readonly string[]> {
  const isOwner = viewerOf(c).role === 'owner';
  if (list.scope === 'owner' && !isOwner)
    throw new WellspringError({ code: 'forbidden', message: 'Only the owner may see this.', status: 403, exit: 3 });
  // The empty id asks for every row, also those that belong to nobody.
  if (list.scope === 'owner' || (list.scope === 'refused' && isOwner && asked === undefined)) return [''];
  return (await people(c, runtime, asked)).map((user) => user.user_id);
}
