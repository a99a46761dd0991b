import type { Command } from 'commander';
import { redrive } from '../../app/redrive.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command.action(async () => {
    const runtime = await context.open();
    context.say('Looking through everything stored for what was left behind …');
    const result = await redrive(runtime, { signal: context.terminal.interrupted });
    const { notices, overdue, batch, quarantine } = result;
    const lines = [
      `notices: ${notices.finished} done, ${notices.left} left, ${notices.unclaimed} of accounts nobody has connected`,
      `fetches tried again: ${overdue}`,
      `objects no batch had taken: ${batch.objects}`,
      `quarantine: ${quarantine.released} released, ${quarantine.left} left`,
    ];
    context.print(result, lines.join('\n'));
  });
}
