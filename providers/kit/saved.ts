import type { ApiAnswer, Verdict } from './api.ts';
import { readJson, withoutByteOrderMark } from './json.ts';
import type { ImportFile, ImportResult } from './provider.ts';
import { membersOf, rootOf } from './scan.ts';
import { PAGE_BYTES, areDistinct, piecesOf, splitByOwner } from './split.ts';

/**
 * Reads a saved answer whose records are the elements of one list, `{"data":[…]}`, or that list alone. It names neither
 * its type, so the file must say one of `types`, nor an account. Refuses with `unknown_format`.
 */
export function readSavedList(
  file: ImportFile,
  { provider, types, list }: { readonly provider: string; readonly types: readonly string[]; readonly list: string },
): ImportResult {
  const refuse = (detail: string): ImportResult => {
    const remedy = `Import an answer of the API with its type, such as --type ${provider}.${types[0] ?? ''}.`;
    return { ok: false, code: 'unknown_format', detail, remedy };
  };
  const named = file.type ?? '';
  const resource = named.startsWith(`${provider}.`) ? named.slice(provider.length + 1) : named;
  if (!types.includes(resource)) return refuse(`${file.name} is not said to be of a type that is known.`);
  const json = readJson(withoutByteOrderMark(file.bytes));
  if (!json.ok) return refuse(`${file.name} is not JSON text.`);
  const text = rootOf(json.text).kind === 'array' ? `{"${list}":${json.text}}` : json.text;
  const root = rootOf(text);
  const members = root.kind === 'object' ? [...membersOf(text, root)] : [];
  const records = members.find(({ name, value }) => name === list && value.kind === 'array');
  if (records === undefined) return refuse(`${file.name} holds no list "${list}".`);
  const nobody = { externalId: undefined, resource, notice: false };
  const layout = { text, nobody, tidy: areDistinct(members), pageBytes: PAGE_BYTES };
  return { ok: true, parts: splitByOwner({ ...layout, ...piecesOf(text, records, () => nobody) }) };
}

/** Answers that lie in an envelope, as a provider describes them. */
export interface Answers {
  readonly provider: string;
  /** Names below `body` and the types whose rows lie there: `{measuregrps: ['getmeas']}`. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  /** Tells an answer from an error. */
  readonly judge: (answer: ApiAnswer) => Verdict;
}

/**
 * Reads a saved answer `{"status":0,"body":{"<list>":…}}`, kept as it is, or with a type the bare list of its rows. It names no
 * account; its type only where no other has the same list. Refuses with `unknown_format`.
 */
export function readSavedAnswer(file: ImportFile, { provider, rows, judge }: Answers): ImportResult {
  const placeOf = new Map(Object.entries(rows).flatMap(([place, types]) => types.map((type) => [type, place])));
  const refuse = (detail: string): ImportResult => {
    const known = [...placeOf.keys()].map((type) => `${provider}.${type}`).join(' or ');
    const remedy = `Import an answer as it came, and name its type: --type ${known}.`;
    return { ok: false, code: 'unknown_format', detail, remedy };
  };
  const bytes = withoutByteOrderMark(file.bytes);
  const json = readJson(bytes);
  if (!json.ok) return refuse(`${file.name} is not JSON text.`);
  const named = file.type?.replace(`${provider}.`, '');
  if (named !== undefined && !placeOf.has(named)) return refuse(`${named} is no type of ${provider}.`);
  if (named !== undefined && rootOf(json.text).kind === 'array') {
    return one(named, `{"status":0,"body":{"${placeOf.get(named) ?? ''}":${json.text}}}`);
  }
  const isAnswer = judge({ status: 200, headers: {}, body: bytes }).kind === 'ok';
  if (!isAnswer) return refuse(`${file.name} is no answer, or an error.`);
  const held = namesBelow(json.text, 'body');
  const [told, ...others] = held.flatMap((place) => (Object.hasOwn(rows, place) ? (rows[place] ?? []) : []));
  const type = named ?? (others.length === 0 ? told : undefined);
  if (type === undefined) return refuse(`${file.name} does not say what was asked.`);
  const isThere = held.includes(placeOf.get(type) ?? '');
  return isThere ? one(type, json.text) : refuse(`${file.name} holds no rows of ${type}.`);
}

/** Members of an object's member that hold a list or an object. */
function namesBelow(text: string, name: string): readonly string[] {
  const root = rootOf(text);
  const outer = root.kind === 'object' ? [...membersOf(text, root)] : [];
  const within = outer.filter((member) => member.name === name && member.value.kind === 'object');
  return within
    .flatMap(({ value }) => [...membersOf(text, value)])
    .filter(({ value }) => value.kind === 'array' || value.kind === 'object')
    .map((member) => member.name);
}

function one(resource: string, text: string): ImportResult {
  return { ok: true, parts: [{ externalId: undefined, resource, text, notice: false }] };
}
