import { text } from 'node:stream/consumers';
import { Command, CommanderError } from 'commander';
import { commands } from './cli/commands.ts';
import { type Context, createContext } from './cli/context.ts';
import { addGlobals, commandOf, type Globals } from './cli/globals.ts';
import { report } from './cli/report.ts';
import type { Terminal } from './cli/terminal.ts';
import { readEnvironment } from './environment.ts';
import { readVersion } from './version.ts';

const EXIT_INTERRUPTED = 130;

/** Runs one command line (without the program's name) and answers its exit code. Never throws. */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('wellspring');
  const context = createContext(terminal, () => program.opts<Globals>());
  program
    .description('One truthful picture of your health data, owned by you.')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExamples:\n  wellspring demo\n  wellspring user add Ann --zone Europe/Paris\n  wellspring serve\n',
    );
  addGlobals(program);
  program.version(readVersion(), '--version', 'the version');

  const wanted = commandOf(words);
  for (const [name, entry] of Object.entries(commands)) {
    const command = program.command(name).description(entry.summary);
    if (name === wanted) (await entry.load()).describe(command, context);
  }

  try {
    const done = program.parseAsync(words, { from: 'user' }).then(() => 'done' as const);
    if ((await Promise.race([done, interruption(context)])) === 'interrupted') return EXIT_INTERRUPTED;
    await context.close();
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has shown the help of a group of commands that was called without one of them.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    await context.close().catch(() => undefined);
    return report(error, context);
  }
}

/** Resolves on Ctrl-C, unless the command ends itself in order. */
function interruption(context: Context): Promise<'interrupted'> {
  return new Promise((resolve) => {
    context.terminal.interrupted.addEventListener('abort', () => {
      if (!context.stopsInOrder) resolve('interrupted');
    });
  });
}

/** Runs the words of this process and ends it with the right code. */
export async function start(): Promise<void> {
  // Health data: whatever is written, tables and letters included, is its owner's, also in a directory others may enter.
  process.umask(0o077);
  // A report of a crash holds the environment and the words on the stack, secrets among them; a switch meant for other programs must not write one.
  Object.assign(process.report, { reportOnFatalError: false, reportOnUncaughtException: false, reportOnSignal: false });
  const interrupted = new AbortController();
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(EXIT_INTERRUPTED);
      interrupted.abort();
    });
  }
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const code = await run(process.argv.slice(2), {
    out: (line) => process.stdout.write(line),
    err: (line) => process.stderr.write(line),
    input: () => text(process.stdin),
    interactive: process.stderr.isTTY ?? false,
    environment: readEnvironment(),
    interrupted: interrupted.signal,
  });
  // A pipe takes what is written later: leave only when it has all of it.
  process.stdout.write('', () => process.exit(code));
}
