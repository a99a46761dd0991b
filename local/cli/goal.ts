import type { Command } from 'commander';
import { Option } from 'commander';
import * as z from 'zod';
import { WellspringError } from '../../app/errors.ts';
import { type Goal, listGoals, removeGoal, setGoal } from '../../app/goals.ts';
import { DIRECTIONS, readTarget } from '../../app/goals/target.ts';
import { wantedOf } from '../../app/goals/words.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';
import { peopleOf, personOf } from './remote/people.ts';
import { table } from './text.ts';
import { instant } from './values.ts';

interface Options {
  readonly user: string;
  readonly atLeast?: string;
  readonly atMost?: string;
  readonly since?: number;
}

const goal = z.object({
  goal: z.string(),
  user_id: z.string(),
  metric: z.string(),
  direction: z.enum(DIRECTIONS),
  target: z.number(),
  since: z.string(),
});
const one = z.object({ goal });
const many = z.object({ items: z.array(goal) });

export function describe(command: Command, context: Context): void {
  command
    .command('set <metric>')
    .description('want something of a metric a day')
    .requiredOption('--user <user>', 'id or name')
    .addOption(new Option('--at-least <target>', 'in the canonical unit; of what lasts also 7h30').conflicts('atMost'))
    .option('--at-most <target>', 'the same the other way round')
    .option('--since <time>', 'the local day it begins on (default: today)', instant)
    .action(async (metric: string, options: Options) => {
      const made = await set(metric, options, context);
      context.print({ goal: made }, `${wantedOf(made)}. It is called ${made.goal}; the next batch counts its days.`);
    });

  command
    .command('remove <goal>')
    .description('end a goal, named by itself or by its metric; its days stay')
    .requiredOption('--user <user>', 'id or name')
    .action(async (named: string, { user: idOrName }: Options) => {
      const ended = await remove(named, idOrName, context);
      context.print({ goal: ended }, `${ended.goal} has ended; its days until now stay.`);
    });

  command
    .command('list')
    .description('the goals there are')
    .option('--user <user>', 'id or name (default: everybody)')
    .action(async ({ user: idOrName }: Partial<Options>) => {
      const goals = await list(idOrName, context);
      const columns = ['user_id', 'goal', 'target', 'since', 'wanted'];
      const rows = goals.map((each) => ({ ...each, wanted: wantedOf(each) }));
      context.print({ goals }, rows.length === 0 ? 'No goals yet: wellspring goal set' : table(columns, rows));
    });
}

async function set(metric: string, { user, atLeast, atMost, since }: Options, context: Context): Promise<Goal> {
  const text = atLeast ?? atMost;
  if (text === undefined) throw noTarget();
  const wanted = {
    metric,
    direction: atLeast === undefined ? 'at_most' : 'at_least',
    target: readTarget(metric, text),
  } as const;
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    return setGoal(runtime, await findUser(runtime, user), { ...wanted, since });
  }
  const { user_id } = await personOf(server, user);
  const body = { ...wanted, ...(since !== undefined && { since: new Date(since).toISOString() }) };
  return (await ask(server, `/api/v1/users/${user_id}/goals`, one, { method: 'PUT', body })).goal;
}

async function remove(named: string, idOrName: string, context: Context): Promise<Goal> {
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    return removeGoal(runtime, await findUser(runtime, idOrName), named);
  }
  const { user_id } = await personOf(server, idOrName);
  const path = `/api/v1/users/${user_id}/goals/${encodeURIComponent(named)}`;
  return (await ask(server, path, one, { method: 'DELETE' })).goal;
}

async function list(idOrName: string | undefined, context: Context): Promise<readonly Goal[]> {
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    return listGoals(runtime, idOrName === undefined ? undefined : (await findUser(runtime, idOrName)).user_id);
  }
  const people = idOrName === undefined ? await peopleOf(server) : [await personOf(server, idOrName)];
  const lists = [];
  for (const { user_id } of people) lists.push(await ask(server, `/api/v1/users/${user_id}/goals`, many));
  return lists.flatMap(({ items }) => items).toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1));
}

function noTarget(): WellspringError {
  return new WellspringError({
    code: 'no_target',
    message: 'Nothing was said to be wanted.',
    remedy: 'Say --at-least or --at-most, for example --at-least 8000.',
    exit: 2,
  });
}
