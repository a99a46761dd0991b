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
      const columns = ['provider', 'user_id', 'state', 'last_delivery', 'last_data_day', 'problem', 'remedy'];
      context.print(
        { connections },
        connections.length === 0
          ? 'No connections yet: wellspring link <provider> --user <name>'
          : table(columns, connections),
      );
    });
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
