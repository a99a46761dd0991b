import { readJson, withoutByteOrderMark } from './kit/json.ts';
import { type ImportFile, type ImportResult, type Part, defineProvider } from './kit/provider.ts';
import { type Member, membersOf, rootOf } from './kit/scan.ts';
import { type Owner, PAGE_BYTES, areDistinct, piecesOf, splitByOwner } from './kit/split.ts';

/** Apple Health through the app Health Auto Export: `{"data":{"metrics":[…],"workouts":[…]}}`, one person per token. */
export const apple = defineProvider({
  id: 'apple',
  name: 'Apple Health',
  docs: 'https://help.healthyapps.dev/en/health-auto-export/automations/rest-api/',
  portal: 'Health Auto Export → Automations → REST API; add the header "Authorization: Bearer <token>"',
  webhook: {
    limit: 32_000_000,
    limitHint: 'Turn on Batch Requests, send metrics and workouts by two automations, and leave routes off.',
    auth: 'token',
    split: (text, externalId) => split(text, externalId),
    keep: { 'automation-aggregation': 'aggregation' },
  },
  import: async (file) => readSavedBody(file),
  policy: { mixing: true, ai: true, mustDeregister: false },
});

function split(
  text: string,
  externalId: string | undefined,
  options: { readonly pageBytes?: number } = {},
): readonly Part[] {
  const owned = (resource: string): Owner => ({ externalId, resource, notice: false });
  const root = rootOf(text);
  if (root.kind !== 'object') return [{ ...owned('other'), text }];
  const members = [...membersOf(text, root)];
  const data = members.filter(isData);
  const kinds = data.flatMap(({ value }) => [...membersOf(text, value)]);
  // Old versions of the app put `workouts` beside `data`; it is read inside.
  const stray = members.filter(({ name }) => name === 'workouts').map((member) => cut(text, member, owned, IN_DATA));
  const inside = kinds.map((member) => cut(text, member, owned, IN_DATA));
  const beside = members
    .filter((member) => !isData(member) && member.name !== 'workouts')
    .map((member) => cut(text, member, owned));
  const all = [...inside, ...stray, ...beside];
  return splitByOwner({
    text,
    pieces: all.flatMap(({ pieces }) => pieces),
    empty: all.flatMap(({ empty }) => empty),
    // A run that found nothing.
    nobody: owned('metrics'),
    tidy: areDistinct(members) && areDistinct(kinds) && stray.every(({ pieces }) => pieces.length === 0),
    ...options,
  });
}

const IN_DATA = (members: string): string => `{"data":{${members}}}`;

function cut(text: string, member: Member, owned: (resource: string) => Owner, shape?: (members: string) => string) {
  return piecesOf(text, member, () => owned(member.name), shape);
}

function isData({ name, value }: Member): boolean {
  return name === 'data' && value.kind === 'object';
}

function readSavedBody(file: ImportFile): ImportResult {
  const json = readJson(withoutByteOrderMark(file.bytes));
  const root = json.ok ? rootOf(json.text) : undefined;
  if (!json.ok || root?.kind !== 'object' || ![...membersOf(json.text, root)].some(isData)) {
    return {
      ok: false,
      code: 'unknown_format',
      detail: `${file.name} is not JSON of the form {"data":{"metrics":[…],"workouts":[…]}}.`,
      remedy: 'Import a body Health Auto Export sent, or a file it exported as JSON.',
    };
  }
  return { ok: true, parts: split(json.text, undefined, { pageBytes: PAGE_BYTES }) };
}
