import * as z from 'zod';
import type { Faults } from './fault.ts';
import { withNovelties } from './novelty.ts';
import type { Parcel, PushParcel } from './parcel.ts';

/** Record types whose versions the provider lets tell apart: their order of arrival does not matter. Of all others the last statement counts. */
const GROWING: ReadonlySet<string> = new Set(['dailies', 'epochs']);
/** How many parcels of its lane a late one lets pass. */
const LATE_BY = 12;

const listed = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));

/** The words under which a body holds its records: `dailies`, `metrics`; a body that is no such object has none. */
function typesOf({ body }: PushParcel): readonly string[] {
  const outer = z.record(z.string(), z.unknown()).safeParse(JSON.parse(body)).data ?? {};
  const inner = z.record(z.string(), z.unknown()).safeParse(outer['data']).data;
  return Object.keys(inner ?? outer);
}

/** Whether two parcels of one lane may arrive in either order. */
export function mayPass(a: Parcel, b: Parcel): boolean {
  if (a.kind === 'file' || b.kind === 'file') return false;
  const types = typesOf(b);
  return typesOf(a).every((type) => GROWING.has(type) || !types.includes(type));
}

/** The parcels as they are sent, lane by lane: some twice, some before or long after their turn, two people's in one, and all again at the end. */
export function misbehave(parcels: readonly Parcel[], faults: Faults): readonly Parcel[] {
  const lanes = new Map<string, Parcel[]>();
  for (const parcel of parcels) lanes.set(parcel.lane, [...(lanes.get(parcel.lane) ?? []), parcel]);
  return [...lanes].flatMap(([name, lane]) => {
    const joined = join(withNovelties(lane, faults), name, faults);
    const moved = postpone(exchange(joined, name, faults), name, faults);
    const doubled = moved.flatMap((one, at) => (again('duplicate', one, `${name} ${at}`, faults) ? [one, one] : [one]));
    // The same bytes as before: those of a joined body split into the same parts only when it comes joined again.
    return faults.hits('redeliver_all', name)
      ? [...doubled, ...doubled.filter(({ kind }) => kind === 'push')]
      : doubled;
  });
}

function again(name: 'duplicate', parcel: Parcel, stream: string, faults: Faults): boolean {
  return parcel.kind === 'push' && faults.hits(name, stream);
}

/** Puts neighbours that are about different accounts into one delivery, as providers that push for many do. */
function join(lane: readonly Parcel[], name: string, faults: Faults): Parcel[] {
  const sent: Parcel[] = [];
  for (const [at, parcel] of lane.entries()) {
    const before = sent.at(-1);
    const both = before === undefined ? undefined : together(before, parcel);
    if (both !== undefined && faults.hits('two_accounts', `${name} ${at}`)) sent.splice(-1, 1, both);
    else sent.push(parcel);
  }
  return sent;
}

function together(a: Parcel, b: Parcel): Parcel | undefined {
  if (a.kind === 'file' || b.kind === 'file') return undefined;
  const [first, second] = [listed.safeParse(JSON.parse(a.body)).data, listed.safeParse(JSON.parse(b.body)).data];
  if (first === undefined || second === undefined) return undefined;
  const [here, there] = [ownersOf(first), ownersOf(second)];
  if (here.size === 0 || there.size === 0 || [...here].some((owner) => there.has(owner))) return undefined;
  const types = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  const body = types.map((type) => [type, [...(first[type] ?? []), ...(second[type] ?? [])]]);
  return { ...a, body: JSON.stringify(Object.fromEntries(body)) };
}

/** Whose records a body names; empty where the door and not the body says whose they are. */
function ownersOf(lists: z.infer<typeof listed>): ReadonlySet<string> {
  const owners = Object.values(lists).flatMap((records) => records.map((record) => record['userId']));
  return new Set(owners.filter((owner) => typeof owner === 'string'));
}

function exchange(lane: readonly Parcel[], name: string, faults: Faults): Parcel[] {
  const sent = [...lane];
  for (let at = 0; at + 1 < sent.length; at += 1) {
    const [a, b] = [sent[at], sent[at + 1]];
    if (a === undefined || b === undefined || !mayPass(a, b) || !faults.hits('reorder', `${name} ${at}`)) continue;
    sent.splice(at, 2, b, a);
    at += 1;
  }
  return sent;
}

function postpone(lane: readonly Parcel[], name: string, faults: Faults): Parcel[] {
  const sent = [...lane];
  for (let at = lane.length - 1; at >= 0; at -= 1) {
    const parcel = sent[at];
    const passed = sent.slice(at + 1, at + 1 + LATE_BY);
    if (parcel === undefined || passed.length < LATE_BY || !passed.every((one) => mayPass(parcel, one))) continue;
    if (faults.hits('late', `${name} ${at}`)) sent.splice(at, 1 + LATE_BY, ...passed, parcel);
  }
  return sent;
}
