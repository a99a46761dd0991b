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

export function describe(command: Command, context: Context): void {
  command
    .requiredOption('--user <user>', 'id or name')
    .requiredOption('--out <file>', 'the ZIP file to write')
    .option('--force', 'write over a file that is there')
    .action(async ({ user: name, out, force }: Options) => {
      const path = resolve(out);
      const place = { force: force === true };
      const { checkPlace, writeFileOnce } = await import('../write-file.ts');
      await checkPlace(path, place);
      const runtime = await context.open();
      const user = await findUser(runtime, name);
      const files = await writeFileOnce(path, { ...place, ids: runtime.ids }, (sink) =>
        exportPerson(runtime, user.user_id, sink),
      );
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      context.print(
        { file: path, user_id: user.user_id, files: files.length, bytes },
        `${path}: ${files.length} files of ${user.name}. It holds health data and is readable by you alone.`,
      );
    });
}
