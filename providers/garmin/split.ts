import type { Part } from '../kit/provider.ts';
import { type Slice, membersOf, rootOf } from '../kit/scan.ts';
import { type Owner, areDistinct, piecesOf, splitByOwner } from '../kit/split.ts';

/** Messages that say something is to be fetched or has changed; they hold no measurement. */
export const NOTICES = ['ping', 'deregistrations', 'userPermissionsChange'];

/** Cuts a push into one part per person and type; pings and control messages are notices. */
export function split(text: string, options: { readonly pageBytes?: number } = {}): readonly Part[] {
  const root = rootOf(text);
  if (root.kind !== 'object') return [{ externalId: undefined, resource: 'other', text, notice: false }];
  const members = [...membersOf(text, root)];
  const cut = members.map((member) => piecesOf(text, member, (element) => ownerOf(text, member.name, element)));
  return splitByOwner({
    text,
    pieces: cut.flatMap(({ pieces }) => pieces),
    empty: cut.flatMap(({ empty }) => empty),
    // `{}` only shows that the address answers.
    nobody: { externalId: undefined, resource: 'ping', notice: true },
    tidy: areDistinct(members),
    ...options,
  });
}

/** An element with a callback address is a ping, whatever list it stands in; one that names nobody, or two people, is nobody's. */
function ownerOf(text: string, name: string, element: Slice | undefined): Owner {
  const ids = new Set<string | undefined>();
  let isPing = false;
  if (element?.kind === 'object') {
    for (const member of membersOf(text, element)) {
      if (member.name === 'userId') ids.add(idOf(text, member.value));
      if (member.name === 'callbackURL') isPing = true;
    }
  }
  const resource = isPing ? 'ping' : name;
  const [externalId] = ids.size === 1 ? ids : [undefined];
  return { externalId, resource, notice: NOTICES.includes(resource) };
}

function idOf(text: string, { kind, start, end }: Slice): string | undefined {
  const value: unknown = JSON.parse(kind === 'string' || kind === 'number' ? text.slice(start, end) : 'null');
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  // Half a surrogate pair has no UTF-8 form: two such ids would share one account.
  return typeof value === 'string' && value.trim() !== '' && !/\p{Surrogate}/u.test(value) ? value : undefined;
}
