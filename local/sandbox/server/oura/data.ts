import type { HeldRecord, Holding } from '../../holding.ts';
import type { Grant } from '../ledger.ts';
import { pageOf, renamed, type ServedFault } from '../paging.ts';
import type { World } from '../world.ts';
import { problem } from './answer.ts';
import { COLLECTIONS } from './scope.ts';

type Query = Readonly<Record<string, string>>;

const PAGE = 100;
const DAY_S = 86_400;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A page of a collection, or one document of it. */
export function serveCollection(
  world: World,
  asked: { readonly path: string; readonly id?: string | undefined; readonly query: Query },
  grant: Grant,
  fault: ServedFault | undefined,
): Response {
  const collection = COLLECTIONS[asked.path];
  if (collection === undefined) return problem(404, 'There is no such collection.');
  const { type, scopes, missing } = collection;
  if (!scopes.some((scope) => grant.scopes.includes(scope))) return problem(missing, 'The scope was not granted.');
  const held = world.horizon.known('oura', grant.externalId, type);
  if (asked.id !== undefined) {
    const found = held.find(({ id }) => id === asked.id);
    return found === undefined ? problem(404, 'There is no such document.') : Response.json(found.record);
  }
  const choose = type === 'heartrate' ? byInstant(world, asked.query) : byDay(world, asked.query);
  const from = cursorOf(asked.query['next_token']);
  if (choose === undefined || from === undefined)
    return problem(422, 'A date or the token of the page cannot be read.');
  const rows = held.filter(choose).toSorted((a, b) => a.fromS - b.fromS || (a.id < b.id ? -1 : 1));
  const page = pageOf(rows, from, world.options.pageSize ?? PAGE, fault);
  const data = renamed(
    page.items.map(({ record }) => record),
    fault,
  );
  return Response.json({ data, next_token: page.next === undefined ? null : tokenOf(page.next) });
}

/** Dates are local to the wearer, both inclusive; the last two days when none is named. */
function byDay(world: World, query: Query): ((held: HeldRecord) => boolean) | undefined {
  const today = new Date(world.options.clock.now()).toISOString().slice(0, 10);
  const { end_date: end = today } = query;
  if (!isDate(end)) return undefined;
  const { start_date: start = new Date(Date.parse(end) - DAY_S * 1000).toISOString().slice(0, 10) } = query;
  return isDate(start) ? ({ day }) => day >= start && day <= end : undefined;
}

function byInstant(world: World, query: Query): ((held: HeldRecord) => boolean) | undefined {
  const { start_datetime: start, end_datetime: end } = query;
  const toS = end === undefined ? world.options.clock.now() / 1000 : Date.parse(end) / 1000;
  const fromS = start === undefined ? toS - DAY_S : Date.parse(start) / 1000;
  return Number.isFinite(fromS) && Number.isFinite(toS)
    ? (held) => held.fromS >= fromS && held.fromS <= toS
    : undefined;
}

const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(Date.parse(text));

/** Opaque to whoever gets it. */
const tokenOf = (from: number): string => Buffer.from(`page ${from}`).toString('base64url');

function cursorOf(token: string | undefined): number | undefined {
  if (token === undefined || token === '') return 0;
  const from = /^page (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  return from === undefined ? undefined : Number(from);
}

/** The profile: its id needs no scope. */
export function personalInfo({ externalId, person }: Holding, { scopes }: Grant): Response {
  const personal = {
    age: 31 + person,
    weight: 74.8,
    height: 1.8,
    biological_sex: person % 2 === 0 ? 'female' : 'male',
  };
  return Response.json({
    id: externalId,
    ...(scopes.includes('personal') ? personal : {}),
    ...(scopes.includes('email') ? { email: `person${person}@example.com` } : {}),
  });
}
