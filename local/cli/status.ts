import type { Command } from 'commander';
import * as z from 'zod';
import type { Context } from './context.ts';
import { table } from './text.ts';

const answer = z.object({ items: z.array(z.record(z.string(), z.unknown())) });

export function describe(command: Command, context: Context): void {
  command
    .option('--user <user>', 'id or name (default: everybody)')
    .action(async (options: { readonly user?: string }) => {
      const connections = await read(options.user, context);
      context.print({ connections }, describeStatus(connections));
    });
}

/** A table narrow enough for a terminal, and under it what is wrong and what to do about it. */
function describeStatus(connections: readonly Readonly<Record<string, unknown>>[]): string {
  if (connections.length === 0) return 'No connections yet: wellspring link <provider> --user <name>';
  const problems = connections.flatMap(({ provider, user_id: user, problem, remedy }) =>
    typeof problem === 'string'
      ? [
          `! ${String(provider)} of ${String(user)}: ${problem}`,
          ...(typeof remedy === 'string' ? [`  → ${remedy}`] : []),
        ]
      : [],
  );
  const notes = connections.flatMap(notesOf);
  const columns = ['provider', 'user_id', 'state', 'last_delivery', 'last_data_day'];
  const below = [...notes, ...problems];
  return [table(columns, connections), ...(below.length > 0 ? ['', ...below] : [])].join('\n');
}

const upkeep = z.object({
  provider: z.string(),
  user_id: z.string(),
  missing_scopes: z.array(z.string()).default([]),
  pending: z.array(z.object({ type: z.string(), retry_at: z.string() })).default([]),
  backfill: z
    .object({ state: z.string(), from: z.string(), chunks_done: z.number(), chunks_total: z.number() })
    .nullish(),
  subscription: z.object({ ok: z.boolean(), problem: z.string().nullable() }).nullish(),
});

/** What is still to come, or not granted: no fault, so without a mark. */
function notesOf(connection: unknown): readonly string[] {
  const { data } = upkeep.safeParse(connection);
  if (data === undefined) return [];
  const { missing_scopes: missing, pending, backfill, subscription } = data;
  const notes: string[] = [];
  if (missing.length > 0) notes.push(`not granted: ${missing.join(', ')}`);
  if (backfill?.state === 'running') {
    notes.push(`older days: ${backfill.chunks_done} of ${backfill.chunks_total} parts, back to ${backfill.from}`);
  }
  for (const { type, retry_at } of pending) notes.push(`${type} is fetched again from ${retry_at}`);
  if (subscription?.ok === false) notes.push(`notices: ${subscription.problem ?? 'some are missing'}`);
  return notes.map((note) => `  ${data.provider} of ${data.user_id}: ${note}`);
}

async function read(user: string | undefined, context: Context): Promise<readonly Readonly<Record<string, unknown>>[]> {
  if (context.remote !== undefined) {
    const { ask } = await import('./remote.ts');
    return answer.parse(await ask(context.remote, '/api/v1/connections', { user_id: user })).items;
  }
  const runtime = await context.open();
  const { findUser } = await import('../../app/people.ts');
  const { status } = await import('../../app/status.ts');
  const rows = await status(runtime, user === undefined ? undefined : (await findUser(runtime, user)).user_id);
  return rows.map((row) => ({ ...row }));
}
