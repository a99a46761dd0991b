import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { WellspringError } from '../../app/errors.ts';
import { forget } from '../../app/forget.ts';
import { countAll, whoIs } from '../../app/forget/begin.ts';
import { receiptText } from '../../app/forget/receipt.ts';
import { listTombstones } from '../../app/forget/tombstone.ts';
import { findUser } from '../../app/people.ts';
import type { LocalRuntime } from '../runtime.ts';
import type { Server } from '../stack/server.ts';
import type { Context } from './context.ts';

interface Options {
  readonly user: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function describe(command: Command, context: Context): void {
  command
    .requiredOption('--user <user>', 'id or name')
    .option('--yes', 'do not ask for the name')
    .option('--dry-run', 'only count what would go')
    .action(async (options: Options) => {
      const server = await context.server();
      if (server !== undefined) return forgetThere(server, options, context);
      const runtime = await context.open();
      const { createPremises } = await import('../premises.ts');
      const premises = createPremises(runtime.dataDir);
      const person = await personOf(runtime, options.user);
      if (options.dryRun === true) {
        const whose = await whoIs(runtime.state, person.user_id);
        const removed = whose === undefined ? {} : await countAll(runtime, premises, whose);
        const lines = Object.entries(removed).map(([place, n]) => `${place}: ${n}`);
        context.print({ user_id: person.user_id, removed }, lines.join('\n'));
        return;
      }
      if (!person.begun && options.yes !== true) await confirm(context, person.name);
      const receipt = await forget(runtime, premises, person.user_id);
      context.print({ receipt }, receiptText(receipt));
      if (receipt.providers.some(({ outcome }) => outcome === 'later')) {
        context.say('Some providers did not answer: a running server asks them again, or run this once more.');
      }
    });
}

async function forgetThere(server: Server, { user, yes, dryRun }: Options, context: Context): Promise<void> {
  if (dryRun === true) throw countsHere();
  const { awaitReceipt, beginForgetting } = await import('./remote/forget.ts');
  const { personOf: personThere } = await import('./remote/people.ts');
  const person = await personThere(server, user);
  if (yes !== true) await confirm(context, person.name);
  const address = await beginForgetting(server, person);
  context.say(`It has begun and goes on by itself. Keep the address of the receipt:\n${address}`);
  const receipt = await awaitReceipt(server, address, context.terminal.interrupted);
  context.print({ receipt }, receiptText(receipt));
  if (receipt.providers.some(({ outcome }) => outcome === 'later')) {
    context.say('Some providers did not answer: the server asks them again.');
  }
}

function countsHere(): WellspringError {
  return new WellspringError({
    code: 'not_remote',
    message: '--dry-run counts in the data directory of this machine, not through --url or --stack.',
    remedy: 'Leave it out; nothing is deleted before the name is typed.',
    exit: 2,
  });
}

/** Somebody to forget, or whose forgetting has begun: then the name is known only until it is finished. */
async function personOf(runtime: LocalRuntime, idOrName: string) {
  const begun = (await listTombstones(runtime.state)).find(
    ({ user_id, about }) => user_id === idOrName || about?.name === idOrName,
  );
  if (begun !== undefined) return { user_id: begun.user_id, name: begun.about?.name ?? begun.user_id, begun: true };
  const { user_id, name } = await findUser(runtime, idOrName);
  return { user_id, name, begun: false };
}

async function confirm(context: Context, name: string): Promise<void> {
  const { terminal, globals } = context;
  const said = terminal.interactive && globals.input !== false ? await asked(context, name) : undefined;
  if (said?.trim() === name) return;
  throw new WellspringError({
    code: 'not_confirmed',
    message: 'Nothing was deleted.',
    detail: 'Forgetting somebody cannot be undone.',
    remedy: 'Type the name as it is written, or give --yes; in the data directory --dry-run shows what would go.',
    exit: said === undefined ? 2 : 8,
  });
}

async function asked({ terminal }: Context, name: string): Promise<string> {
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await line.question(`Everything of ${name} will be deleted for good. Type the name to go on: `, {
      signal: terminal.interrupted,
    });
  } finally {
    line.close();
  }
}
