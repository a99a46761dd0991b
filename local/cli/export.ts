import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exportPerson } from '../../app/export.ts';
import { findUser } from '../../app/people.ts';
import type { Context } from './context.ts';

interface Options {
  readonly user: string;
  readonly out: string;
  readonly force?: boolean;
}

/** Lists the others, and is none of them. */
const MANIFEST = 'manifest.json';

export function describe(command: Command, context: Context): void {
  command
    .requiredOption('--user <user>', 'id or name')
    .requiredOption('--out <file>', 'the ZIP file to write')
    .option('--force', 'write over a file that is there')
    .action(async ({ user: idOrName, out, force }: Options) => {
      const path = resolve(out);
      const { user, files } = await write(path, { force: force === true, idOrName }, context);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      context.print(
        { file: path, user_id: user.user_id, files: files.length, bytes },
        `${path}: ${files.length} files of ${user.name}. It holds health data and is readable by you alone.`,
      );
    });
}

async function write(
  path: string,
  { force, idOrName }: { readonly force: boolean; readonly idOrName: string },
  context: Context,
) {
  const { checkPlace, writeFileOnce } = await import('../write-file.ts');
  await checkPlace(path, { force });
  const server = await context.server();
  if (server === undefined) {
    const runtime = await context.open();
    const user = await findUser(runtime, idOrName);
    const { ids } = runtime;
    return {
      user,
      files: await writeFileOnce(path, { force, ids }, (sink) => exportPerson(runtime, user.user_id, sink)),
    };
  }
  const { createRandomIds } = await import('../../ports/ids/random.ts');
  const { fetchExport } = await import('./remote/export.ts');
  const { personOf } = await import('./remote/people.ts');
  const { readZipDirectory } = await import('../zip-directory.ts');
  const user = await personOf(server, idOrName);
  context.say('Waiting until it is built …');
  const { interrupted } = context.terminal;
  const files = await writeFileOnce(path, { force, ids: createRandomIds() }, async (sink, part) => {
    await fetchExport(server, user.user_id, sink, interrupted);
    return readZipDirectory(part);
  });
  return { user, files: files.filter((file) => file.path !== MANIFEST) };
}
