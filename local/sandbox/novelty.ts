import * as z from 'zod';
import type { Faults } from './fault.ts';
import type { Parcel } from './parcel.ts';
import { renamed } from './server/paging.ts';

const listed = z.record(z.string(), z.array(z.looseObject({ userId: z.string() })));

/** A lane of pushes in which a provider calls a field of one account by another name, or sends something nobody has heard of behind the rest. */
export function withNovelties(lane: readonly Parcel[], faults: Faults): Parcel[] {
  const owners = new Set(lane.flatMap((parcel) => Object.values(listsOf(parcel)).flatMap(ownersOf)));
  const sent = lane.map((parcel, at) => otherwise(parcel, String(at), faults));
  const last = sent.at(-1);
  if (last?.kind !== 'push') return sent;
  const asked = [...owners].filter((owner) => faults.hits('unknown_type', `${last.provider}/${owner}`));
  const strangers = asked.map((userId) => ({ ...last, body: JSON.stringify({ moonlight: [{ userId, lux: 3 }] }) }));
  return [...sent, ...strangers];
}

/** The parcel with one field of the records of some accounts under another name. */
function otherwise(parcel: Parcel, at: string, faults: Faults): Parcel {
  const lists = listsOf(parcel);
  const owners = new Set(Object.values(lists).flatMap(ownersOf));
  const chosen = new Set(
    [...owners].filter((owner) => faults.hits('renamed_field', `${parcel.provider}/${owner} ${at}`)),
  );
  if (parcel.kind === 'file' || chosen.size === 0) return parcel;
  const body = Object.entries(lists).map(([type, records]) => [
    type,
    records.flatMap((record) => (chosen.has(record.userId) ? renamed([record], 'renamed_field') : [record])),
  ]);
  return { ...parcel, body: JSON.stringify(Object.fromEntries(body)) };
}

/** The records by type, where the body names whose they are; none where the door does. */
function listsOf(parcel: Parcel): z.infer<typeof listed> {
  return parcel.kind === 'file' ? {} : (listed.safeParse(JSON.parse(parcel.body)).data ?? {});
}

const ownersOf = (records: readonly { readonly userId: string }[]): readonly string[] =>
  records.map(({ userId }) => userId);
