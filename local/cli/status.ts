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
  const columns = ['provider', 'user_id', 'state', 'last_delivery', 'last_data_day'];
  return [table(columns, connections), ...(problems.length > 0 ? ['', ...problems] : [])].join('\n');
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
