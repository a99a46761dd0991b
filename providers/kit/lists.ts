import type { Part } from './provider.ts';
import { type Slice, membersOf, rootOf } from './scan.ts';
import { type Owner, areDistinct, piecesOf, splitByOwner } from './split.ts';

/** How a delivery of the form `{"<type>":[…],…}` names owners and notices. */
export interface Lists {
  /** The field of an element that holds the account's id. */
  readonly owner: string;
  /** Types that say something is to be fetched or has changed, without a measurement. */
  readonly notices: readonly string[];
  /** An element with this field is of the type `ping`, whatever list it stands in. */
  readonly pingField?: string;
}

/** Cuts such a delivery into one part per account and type. What is no object is one part `other` of nobody; `{}` a ping. */
export function splitLists(text: string, lists: Lists, options: { readonly pageBytes?: number } = {}): readonly Part[] {
  const root = rootOf(text);
  if (root.kind !== 'object') return [{ externalId: undefined, resource: 'other', text, notice: false }];
  const members = [...membersOf(text, root)];
  const cut = members.map((member) => piecesOf(text, member, (element) => ownerOf(text, lists, member.name, element)));
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

/** An element that names nobody, or two people, is nobody's. */
function ownerOf(text: string, { owner, notices, pingField }: Lists, name: string, element: Slice | undefined): Owner {
  const ids = new Set<string | undefined>();
  let isPing = false;
  if (element?.kind === 'object') {
    for (const member of membersOf(text, element)) {
      if (member.name === owner) ids.add(idOf(text, member.value));
      if (member.name === pingField) isPing = true;
    }
  }
  const resource = isPing ? 'ping' : name;
  const [externalId] = ids.size === 1 ? ids : [undefined];
  return { externalId, resource, notice: notices.includes(resource) };
}

function idOf(text: string, { kind, start, end }: Slice): string | undefined {
  const value: unknown = JSON.parse(kind === 'string' || kind === 'number' ? text.slice(start, end) : 'null');
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  // Half a surrogate pair has no UTF-8 form: two such ids would share one account.
  return typeof value === 'string' && value.trim() !== '' && !/\p{Surrogate}/u.test(value) ? value : undefined;
}
