import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { WellspringError } from '../../app/errors.ts';
import { type ImportReport, importFiles } from '../../app/import.ts';
import { findUser, type Units } from '../../app/people.ts';
import type { Context } from './context.ts';
import { importThere } from './remote/import.ts';
import { personOf } from './remote/people.ts';

interface Options {
  readonly user: string;
  readonly type?: string;
  readonly units?: Units;
  readonly externalId?: string;
}

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as myfitnesspal')
    .argument('<file...>', 'export files or saved answers')
    .requiredOption('--user <user>', 'id or name')
    .option('--type <type>', 'what a saved answer is, where it does not say so itself')
    .addOption(new Option('--units <units>', 'the unit of files that state none').choices(['metric', 'imperial']))
    .option('--external-id <id>', 'which account of a saved push with several')
    .action((provider: string, paths: readonly string[], options: Options) => take(provider, paths, options, context));
}

async function take(provider: string, paths: readonly string[], options: Options, context: Context): Promise<void> {
  const files = await Promise.all(paths.map(async (path) => ({ name: basename(path), bytes: await read(path) })));
  const { objects, duplicates, refused, warnings } = await run(provider, files, options, context);
  for (const warning of warnings) context.say(`! ${warning}`);
  for (const { file, detail, remedy, code } of refused) {
    context.say(`✗ ${file}: ${detail}`);
    if (remedy) context.say(`  → ${remedy}`);
    context.say(`  (${code})`);
  }
  if (refused.length > 0) context.exitCode = 1;
  context.print(
    { objects, duplicates, refused },
    `${objects} objects stored, ${duplicates} known already, ${refused.length} files refused`,
  );
  if (objects > 0 && (await context.server()) === undefined)
    context.say('A running server publishes them now; without one: wellspring process');
}

type Files = Parameters<typeof importThere>[1]['files'];

async function run(provider: string, files: Files, options: Options, context: Context): Promise<ImportReport> {
  const { user: idOrName, ...said } = options;
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    return importFiles(runtime, { provider, user: await findUser(runtime, idOrName), files, ...said });
  }
  const { user_id: userId } = await personOf(server, idOrName);
  const { externalId, ...rest } = said;
  const fields = { ...rest, ...(externalId !== undefined && { external_id: externalId }) };
  return importThere(server, { provider, userId, files, said: fields }, context.terminal.interrupted);
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new WellspringError({
      code: 'no_such_file',
      message: `${path} cannot be read.`,
      ...(cause instanceof Error && { detail: cause.message }),
      remedy: 'Check the path; nothing was imported.',
      exit: 2,
      cause,
    });
  }
}
