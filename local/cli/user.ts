import type { Command } from 'commander';
import { Option } from 'commander';
import { ALERT_KINDS } from '../../app/alerts/choice.ts';
import { addUser, findUser, listUsers, setUser, type Units, type User, type UserChanges } from '../../app/people.ts';
import type { Server } from '../stack/server.ts';
import type { Context } from './context.ts';
import { ask } from './remote.ts';
import { about, peopleOf, personOf } from './remote/people.ts';
import { table } from './text.ts';
import { alerts, instant, priority } from './values.ts';

interface Options {
  readonly name?: string;
  readonly zone?: string;
  readonly since?: number;
  readonly units?: Units;
  readonly email?: string;
  readonly priority?: Readonly<Record<string, readonly string[]>>;
  readonly alerts?: readonly string[];
}

function units(): Option {
  return new Option('--units <units>', 'how numbers are shown, and the unit of files that state none').choices([
    'metric',
    'imperial',
  ]);
}

export function describe(command: Command, context: Context): void {
  command
    .command('add <name>')
    .description('add a person')
    .option('--zone <zone>', 'time zone, such as Europe/Paris')
    .addOption(units())
    .option('--email <address>', 'where the morning text goes')
    .action(async (name: string, options: Options) => {
      const server = await context.server();
      const user =
        server === undefined
          ? await addUser(await context.open(), { name, ...options })
          : (await ask(server, '/api/v1/users', about, { method: 'POST', body: { name, ...options } })).user;
      context.print({ user }, `${user.name} is ${user.user_id} (${user.zone}).`);
    });

  command
    .command('set <user>')
    .description('change what is known of a person')
    .option('--name <name>', 'another name')
    .option('--zone <zone>', 'time zone they moved to')
    .option('--since <time>', 'when they moved there (default: now)', instant)
    .addOption(units())
    .option('--email <address>', 'where the morning text goes; empty for nowhere')
    .option('--priority <metric=providers>', 'order of sources, such as steps=garmin,apple; may be repeated', priority)
    .option('--alerts <kinds>', `what they are told of at once: some of ${ALERT_KINDS.join(',')}, or none`, alerts)
    .action(async (idOrName: string, options: Options) => {
      const changes = { ...options, ...(options.email === '' && { email: null }) };
      const server = await context.server();
      const user =
        server === undefined ? await setHere(idOrName, changes, context) : await setThere(server, idOrName, changes);
      context.print({ user }, `${user.name} (${user.user_id}) is changed; the next batch recomputes what it touches.`);
    });

  command
    .command('list')
    .description('everybody')
    .action(async () => {
      const server = await context.server();
      const users = server === undefined ? await listUsers(await context.open()) : await peopleOf(server);
      const text =
        users.length === 0
          ? 'Nobody yet: wellspring user add <name>'
          : table(
              ['user_id', 'name', 'zone', 'units', 'email'],
              users.map((user) => ({ ...user })),
            );
      context.print({ users }, text);
    });
}

async function setHere(idOrName: string, changes: UserChanges, context: Context): Promise<User> {
  const runtime = await context.open();
  return setUser(runtime, await findUser(runtime, idOrName), changes);
}

async function setThere(server: Server, idOrName: string, { since, ...rest }: UserChanges): Promise<User> {
  const { user_id } = await personOf(server, idOrName);
  const body = { ...rest, ...(since !== undefined && { since: new Date(since).toISOString() }) };
  return (await ask(server, `/api/v1/users/${user_id}`, about, { method: 'PATCH', body })).user;
}
