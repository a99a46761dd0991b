import { WellspringError } from '../../app/errors.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import type { Server } from '../stack/server.ts';
import type { Context } from './context.ts';
import { table } from './text.ts';

const TOLD = ['table', 'column', 'before', 'after'];
/** The cells that say which row it is. */
const keyOf = (cell: Readonly<Record<string, unknown>>): string =>
  Object.entries(cell)
    .flatMap(([name, value]) => (TOLD.includes(name) ? [] : [String(value)]))
    .join(' ');

/** What it talks through. */
type Talk = Pick<Context, 'say' | 'print'> & { readonly terminal: Pick<Context['terminal'], 'interrupted'> };

/** `rebuild --stack`: its own workflow does it, asked with the AWS credentials of whoever runs this. */
export async function rebuildThere(
  { stack, connection = {} }: Server,
  { dryRun, from }: { readonly dryRun: boolean; readonly from?: string | undefined },
  context: Talk,
): Promise<void> {
  if (stack === undefined || from !== undefined) throw onlyWhole();
  const [{ createGlueRuns }, { createS3Place }, { LONGEST_MS, rebuildStack }, { older }, { yours }] = await Promise.all(
    [
      import('../../ports/engine/glue-runs.ts'),
      import('../../ports/engine/small/s3.ts'),
      import('../stack/rebuild.ts'),
      import('../stack/rebuild-errors.ts'),
      import('../stack/yours.ts'),
    ],
  );
  if (stack.engine === undefined) throw older();
  context.say('The workflow of the stack reads all of raw; this takes minutes …');
  const done = await rebuildStack(dryRun ? 'dry-run' : 'apply', {
    runs: createGlueRuns({ workflow: stack.glueWorkflow, connection }),
    place: createS3Place({ bucket: stack.lakeBucket, connection }),
    clock: createSystemClock(),
    longestMs: LONGEST_MS[stack.engine],
    signal: context.terminal.interrupted,
    say: (line) => context.say(line),
  }).catch(yours);
  if (!('changes' in done)) {
    const lines = Object.entries(done.tables).map(([name, rows]) => `${name}: ${rows} rows`);
    const said =
      lines.length === 0 ? 'Nothing changed.' : [`Rebuilt from ${done.objects} objects:`, ...lines].join('\n');
    return context.print(done, said);
  }
  const rows = Object.entries(done.tables).map(([name, counts]) => ({ table: name, ...counts }));
  const cells = done.changes.map((one) => ({ ...one, row: keyOf(one) }));
  const texts = [
    table(['table', 'added', 'changed', 'removed'], rows),
    table(['table', 'row', 'column', 'before', 'after'], cells),
  ];
  context.print(done, rows.length === 0 ? 'Nothing would change.' : texts.join('\n\n'));
}

function onlyWhole(): WellspringError {
  return new WellspringError({
    code: 'not_remote',
    message: 'A rebuild is asked of a stack by --stack, as a whole: not through --url, and not --from a day on.',
    remedy: 'Give --stack alone, or run it where the data directory is.',
    exit: 2,
  });
}
