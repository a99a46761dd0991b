import { resolve } from 'node:path';
import { type ExitCode, WellspringError } from '../../app/errors.ts';
import type { LoadedConfiguration } from '../config.ts';
import type { Key } from '../keys.ts';
import type { LocalRuntime } from '../runtime.ts';
import type { Server } from '../stack/server.ts';
import type { Globals } from './globals.ts';
import type { Terminal } from './terminal.ts';

export type Flags = Readonly<Partial<Record<Key, unknown>>>;

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly globals: Globals;
  readonly dataDir: string;
  /** The server to ask in the place of the data directory, when `--url` or `--stack` names one. Throws `url_and_stack` for both (exit 2), and what reading a stack throws. */
  server(): Promise<Server | undefined>;
  configuration(flags?: Flags): Promise<LoadedConfiguration>;
  /** Opens the data directory; it is closed when the command ends. Says what it waits for, unless `quiet`. Refuses beside `--url` and `--stack` (exit 2). */
  open(flags?: Flags, how?: { readonly quiet: boolean }): Promise<LocalRuntime>;
  /** Data on stdout: `value` with its schema version for `--json`, else `text`. */
  print(value: object, text: string): void;
  /** One line of talk on stderr. */
  say(line: string): void;
  /** From now on the command itself ends on Ctrl-C, in order. */
  stopInOrder(): void;
  readonly stopsInOrder: boolean;
  /** The exit code of a command that told what was wrong itself; 0 until then. */
  exitCode: 0 | ExitCode;
  /** Leaves the runtime to end with the process: what it still does is safe to cut. */
  leave(): void;
  close(): Promise<void>;
}

/** `globals` is asked when an action runs: before that the words are not parsed. */
export function createContext(terminal: Terminal, globals: () => Globals): Context {
  let runtime: LocalRuntime | undefined;
  let server: Promise<Server> | undefined;
  let stored = false;
  let inOrder = false;
  const context: Context = {
    terminal,
    exitCode: 0,
    get globals() {
      return globals();
    },
    get dataDir() {
      return resolve(globals().dataDir ?? (terminal.environment['WELLSPRING_DATA_DIR'] || '.wellspring'));
    },
    async server() {
      const { url, stack, token } = globals();
      if (url !== undefined && stack !== undefined) throw urlAndStack();
      if (stack !== undefined)
        return (server ??= import('../stack/server.ts').then((one) => one.serverOf(stack, token)));
      if (url === undefined) return undefined;
      return { url: url.replace(/\/+$/, ''), token: token ?? (terminal.environment['WELLSPRING_TOKEN'] || undefined) };
    },
    get stopsInOrder() {
      return inOrder;
    },
    async configuration(flags = {}) {
      const { loadConfiguration } = await import('../config.ts');
      const { dataDir } = context;
      const loaded = loadConfiguration({ dataDir, environment: terminal.environment, flags });
      for (const warning of loaded.warnings) context.say(warning);
      return loaded;
    },
    async open(flags, { quiet } = { quiet: false }) {
      if (globals().url !== undefined || globals().stack !== undefined) throw notRemote();
      const { values } = await context.configuration(flags);
      const { openRuntime } = await import('../runtime.ts');
      const { providerSettings } = await import('../settings.ts');
      const { waitText } = await import('./wait.ts');
      runtime = await openRuntime({
        dataDir: context.dataDir,
        objects: values.objects,
        publicUrl: values.publicUrl,
        zone: values.timezone,
        ownerToken: values.ownerToken,
        batch: { size: values.batchSize, windowSeconds: values.batchWindowSeconds },
        lookbackDays: values.lookbackDays,
        firstFetchDays: values.firstFetchDays,
        unclaimedDays: values.unclaimedDays,
        settings: providerSettings(values, terminal.environment),
        onWait: quiet ? undefined : (wait) => context.say(waitText(wait)),
      });
      // A running server hears of what this process stores; see `wake`.
      runtime.bus.subscribe('Raw Object Stored', { batchSize: 1, batchWindowSeconds: 1 }, async () => {
        stored = true;
      });
      return runtime;
    },
    print(value, text) {
      terminal.out(globals().json ? `${JSON.stringify({ schema_version: 1, ...value })}\n` : text && `${text}\n`);
    },
    say(line) {
      terminal.err(`${line}\n`);
    },
    stopInOrder() {
      inOrder = true;
    },
    leave() {
      runtime = undefined;
    },
    async close() {
      const open = runtime;
      runtime = undefined;
      if (open === undefined) return;
      // What waits for the batch rule is left to the next server: a stop must not take as long as its window.
      if (stored) {
        const { wake } = await import('../wake.ts');
        await wake(open.state);
      }
      await open.close();
    },
  };
  return context;
}

function notRemote(): WellspringError {
  return new WellspringError({
    code: 'not_remote',
    message: 'This command works on the data directory of this machine, not through --url or --stack.',
    remedy: 'Leave them out and run it where the data directory is.',
    exit: 2,
  });
}

function urlAndStack(): WellspringError {
  return new WellspringError({
    code: 'url_and_stack',
    message: 'Both --url and --stack were given.',
    remedy: 'Give one of them.',
    exit: 2,
  });
}
