import type { Command } from 'commander';
import * as z from 'zod';
import { namesOf } from '../../app/doctor/names.ts';
import type { Context } from './context.ts';
import { describeStatus, type NameOf } from './status-text.ts';

const answer = z.object({ items: z.array(z.record(z.string(), z.unknown())) });

interface Read {
  readonly connections: readonly Readonly<Record<string, unknown>>[];
  readonly nameOf: NameOf;
}

export function describe(command: Command, context: Context): void {
  command
    .option('--user <user>', 'id or name (default: everybody)')
    .action(async (options: { readonly user?: string }) => {
      const { nameOf, ...all } = await read(options.user, context);
      context.print(all, describeStatus(all.connections, nameOf));
    });
}

async function read(user: string | undefined, context: Context): Promise<Read> {
  const server = await context.server();
  if (server !== undefined) {
    const { ask } = await import('./remote.ts');
    const { peopleOf } = await import('./remote/people.ts');
    const { items } = await ask(server, '/api/v1/connections', answer, { parameters: { user_id: user } });
    return { connections: items, nameOf: namesOf(await peopleOf(server)) };
  }
  const runtime = await context.open();
  const { names } = await import('../../app/doctor/names.ts');
  const { findUser } = await import('../../app/people.ts');
  const { status } = await import('../../app/status.ts');
  const rows = await status(runtime, user === undefined ? undefined : (await findUser(runtime, user)).user_id);
  return { connections: rows.map((row) => ({ ...row })), nameOf: await names(runtime) };
}
