import type { Part } from './provider.ts';
import { type Member, type Slice, elementsOf } from './scan.ts';

/** Whose a piece is, and what: pieces of one owner and resource make one part. */
export type Owner = Omit<Part, 'text'>;

/** One value of a delivery: an element of a list, or (`whole`) the value of a member that is no list. */
export interface Piece {
  readonly owner: Owner;
  readonly member: Pick<Member, 'name' | 'label'>;
  readonly value: Slice;
  readonly whole: boolean;
  /** Puts written members into the outer shape of the delivery. */
  readonly shape: (members: string) => string;
}

interface Layout {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Lists without an element: nobody's, yet part of what was sent. */
  readonly empty: readonly Piece[];
  /** Whose a delivery is that holds no value at all. */
  readonly nobody: Owner;
  /** False when the text as received would hide a value from its reader (a name given twice, a list in an unusual place). */
  readonly tidy: boolean;
  /** Where one part may not hold everything: the most bytes of values in a part; a greater value stays whole and alone. */
  readonly pageBytes?: number;
}

/** What a raw object of an import may hold, with room left for what is written around the values. */
export const PAGE_BYTES = 4_900_000;

/**
 * Cuts a delivery into one part per owner and resource; every value lands in exactly one part with its text unchanged.
 * A delivery of one account and one type stays byte for byte as it came.
 */
export function splitByOwner(layout: Layout): readonly Part[] {
  const { text, pieces, empty, nobody, tidy, pageBytes = Infinity } = layout;
  const groups = groupsOf(pieces).flatMap((group) => pagesOf(text, group, pageBytes));
  if (tidy && groups.length <= 1) {
    const { owner } = pieces[0] ?? empty[0] ?? { owner: nobody };
    return [{ ...owner, text }];
  }
  return [...groups, ...empty.map((piece) => [piece] as const)].map((group) => partOf(text, group));
}

type Group = readonly [Piece, ...Piece[]];

/** Pieces of one list join; a member that is no list stays alone, so that two values never share a name. */
function groupsOf(pieces: readonly Piece[]): readonly Group[] {
  const groups = new Map<string, [Piece, ...Piece[]]>();
  for (const piece of pieces) {
    const { externalId, resource, notice } = piece.owner;
    const alone = piece.whole ? piece.value.start : null;
    const id = JSON.stringify([externalId ?? null, resource, notice, alone]);
    const group = groups.get(id);
    if (group) group.push(piece);
    else groups.set(id, [piece]);
  }
  return [...groups.values()];
}

function pagesOf(text: string, group: Group, pageBytes: number): readonly Group[] {
  if (pageBytes === Infinity) return [group];
  const pages: [Piece, ...Piece[]][] = [];
  let held = 0;
  for (const piece of group) {
    const bytes = Buffer.byteLength(text.slice(piece.value.start, piece.value.end));
    const page = pages.at(-1);
    if (page !== undefined && held + bytes <= pageBytes) {
      page.push(piece);
      held += bytes;
    } else {
      pages.push([piece]);
      held = bytes;
    }
  }
  return pages;
}

function partOf(text: string, group: Group): Part {
  const members = new Map<string, { readonly label: string; readonly whole: boolean; readonly values: string[] }>();
  for (const { member, value, whole } of group) {
    const written = text.slice(value.start, value.end);
    const joined = members.get(member.name);
    if (joined) joined.values.push(written);
    else members.set(member.name, { label: member.label, whole, values: [written] });
  }
  const written = [...members.values()].map(({ label, whole, values }) => {
    const list = values.join(',');
    return `${label}:${whole ? list : `[${list}]`}`;
  });
  const [{ owner, shape }] = group;
  return { ...owner, text: shape(written.join(',')) };
}

/** A member as pieces: one per element of a list, the value itself when it is none; a list without elements is `empty`. */
export function piecesOf(
  text: string,
  member: Member,
  ownerOf: (element: Slice | undefined) => Owner,
  shape: Piece['shape'] = (members) => `{${members}}`,
): { readonly pieces: readonly Piece[]; readonly empty: readonly Piece[] } {
  const whole: Piece = { owner: ownerOf(undefined), member, value: member.value, whole: true, shape };
  if (member.value.kind !== 'array') return { pieces: [whole], empty: [] };
  const pieces: Piece[] = [];
  for (const value of elementsOf(text, member.value)) {
    pieces.push({ owner: ownerOf(value), member, value, whole: false, shape });
  }
  return pieces.length > 0 ? { pieces, empty: [] } : { pieces, empty: [whole] };
}

/** Whether no name is given twice: a reader of JSON sees only one of two members with one name. */
export function areDistinct(members: readonly Pick<Member, 'name'>[]): boolean {
  return new Set(members.map(({ name }) => name)).size === members.length;
}
