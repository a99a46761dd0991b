import * as z from 'zod';
import { table } from './text.ts';

const entry = z.object({ type: z.string(), detail: z.string() });
const waiting = entry.extend({ retry_at: z.string() });

/** What a connection says beside its columns; a server of another version may say less. */
const upkeep = z.object({
  provider: z.string(),
  user_id: z.string(),
  problem: z.string().nullish(),
  remedy: z.string().nullish(),
  missing_scopes: z.array(z.string()).default([]),
  pending: z.array(waiting).default([]),
  backfill: z
    .object({
      state: z.string(),
      from: z.string(),
      chunks_done: z.number(),
      chunks_total: z.number(),
      left_out: z.array(entry).default([]),
      waiting: z.array(waiting).default([]),
    })
    .nullish(),
  subscription: z.object({ ok: z.boolean(), problem: z.string().nullable() }).nullish(),
});

/** What a person is called, and what is typed for them. */
export type NameOf = (userId: string) => { readonly told: string; readonly typed: string };

/** A table narrow enough for a terminal, and under it what is still to come, what is wrong and what to do about it. */
export function describeStatus(connections: readonly Readonly<Record<string, unknown>>[], nameOf: NameOf): string {
  if (connections.length === 0) return 'No connections yet: wellspring link <provider> --user <name>';
  const rows = connections.map((row) => ({ ...row, user: nameOf(String(row['user_id'])).told }));
  const known = connections.flatMap((connection) => upkeep.safeParse(connection).data ?? []);
  const notes = known.flatMap((one) => notesOf(one).map((note) => `  ${whose(one, nameOf)}: ${note}`));
  const below = [...notes, ...known.flatMap((one) => problemOf(one, nameOf))];
  const columns = ['provider', 'user', 'state', 'last_delivery', 'last_data_day'];
  return [table(columns, rows), ...(below.length > 0 ? ['', ...below] : [])].join('\n');
}

type Known = z.infer<typeof upkeep>;

const whose = ({ provider, user_id: id }: Known, nameOf: NameOf): string => `${provider} of ${nameOf(id).told}`;

function problemOf(one: Known, nameOf: NameOf): readonly string[] {
  const { problem, remedy, user_id: id } = one;
  if (typeof problem !== 'string') return [];
  const said = `! ${whose(one, nameOf)}: ${problem}`;
  return typeof remedy === 'string' ? [said, `  → ${remedy.replaceAll(id, nameOf(id).typed)}`] : [said];
}

/** What is still to come, or not granted: no fault, so without a mark. */
function notesOf({ missing_scopes: missing, pending, backfill, subscription }: Known): readonly string[] {
  const notes: string[] = [];
  if (missing.length > 0) notes.push(`not granted: ${missing.join(', ')}`);
  if (backfill?.state === 'running') {
    notes.push(`older days: ${backfill.chunks_done} of ${backfill.chunks_total} parts, back to ${backfill.from}`);
  }
  for (const { type, detail } of backfill?.left_out ?? []) notes.push(`older days of ${type} are left out: ${detail}`);
  for (const { type, detail, retry_at: at } of backfill?.waiting ?? [])
    notes.push(`older days of ${type} wait until ${at}: ${detail}`);
  for (const { type, detail, retry_at: at } of pending) notes.push(`${type} is fetched again from ${at}: ${detail}`);
  if (subscription?.ok === false) notes.push(`notices: ${subscription.problem ?? 'some are missing'}`);
  return notes;
}
