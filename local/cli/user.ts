import type { Command } from 'commander';
import { Option } from 'commander';
import { addUser, findUser, listUsers, setUser, type Units, type User } from '../../app/people.ts';
import type { Context } from './context.ts';
import { table } from './text.ts';
import { instant, priority } from './values.ts';

interface Options {
  readonly name?: string;
  readonly zone?: string;
  readonly since?: number;
  readonly units?: Units;
  readonly email?: string;
  readonly priority?: Readonly<Record<string, readonly string[]>>;
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
      const user = await addUser(await context.open(), { name, ...options });
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
    .action(async (idOrName: string, options: Options) => {
      const runtime = await context.open();
      const changes = { ...options, ...(options.email === '' && { email: null }) };
      const user = await setUser(runtime, await findUser(runtime, idOrName), changes);
      context.print({ user }, `${user.name} (${user.user_id}) is changed; the next batch recomputes what it touches.`);
    });

  command
    .command('list')
    .description('everybody')
    .action(async () => {
      const users: readonly User[] = await listUsers(await context.open());
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
