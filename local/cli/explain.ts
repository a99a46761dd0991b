import type { Command } from 'commander';
import { WellspringError } from '../../app/errors.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';
import { describeExplanation, explanation } from './explanation.ts';
import { describeRow, rowExplanation } from './row-explanation.ts';
import { day } from './values.ts';

interface Options {
  readonly user?: string;
  readonly day?: string;
  readonly metric?: string;
  readonly table?: string;
  readonly key?: readonly string[];
}

const also = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export function describe(command: Command, context: Context): void {
  command
    .option('--user <user>', 'id or name')
    .option('--day <day>', 'a local day, YYYY-MM-DD', day)
    .option('--metric <metric>', 'such as steps')
    .option('--table <table>', 'a published table, in the place of day and metric')
    .option('--key <col=value,…>', 'the columns that name its row; may be given several times', also)
    .action(async (options: Options) => {
      const { user, day: on, metric, table, key } = options;
      if (table !== undefined && key !== undefined && on === undefined && metric === undefined) {
        const found = rowExplanation.parse(await readRow(context, { table, key: key.join(','), user }));
        return context.print(found, describeRow(found));
      }
      if (user === undefined || on === undefined || metric === undefined || table !== undefined || key !== undefined)
        throw notAsked();
      const found = explanation.parse(await readDay(context, { user, on, metric }));
      return context.print(found, describeExplanation(found));
    });
}

function notAsked(): WellspringError {
  return new WellspringError({
    code: 'incomplete_question',
    message: 'It is not clear what to explain.',
    detail: 'A value of a day is named by --user, --day and --metric, a row of a table by --table and --key.',
    remedy: 'Give --user U --day D --metric M, or --table T --key col=value,…',
    exit: 2,
  });
}

async function readDay(
  context: Context,
  { user, on, metric }: { readonly user: string; readonly on: string; readonly metric: string },
): Promise<unknown> {
  const server = await context.server();
  const parameters = { user_id: user, day: on, metric };
  if (server !== undefined) return ask(server, '/api/v1/explain', explanation, { parameters });
  const runtime = await context.open();
  const { findUser } = await import('../../app/people.ts');
  const { explain } = await import('../../app/explain.ts');
  return explain(runtime, { userId: (await findUser(runtime, user)).user_id, day: on, metric });
}

async function readRow(
  context: Context,
  { table, key, user }: { readonly table: string; readonly key: string; readonly user: string | undefined },
): Promise<unknown> {
  const server = await context.server();
  const parameters = { table, key, user_id: user };
  if (server !== undefined) return ask(server, '/api/v1/explain', rowExplanation, { parameters });
  const runtime = await context.open();
  const { explainRow } = await import('../../app/explain/row.ts');
  return explainRow(runtime, { viewer: { role: 'owner' }, table, key, userId: user });
}
