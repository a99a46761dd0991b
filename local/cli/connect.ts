import type { Command } from 'commander';
import { connectionNamed } from '../../app/connect/describe.ts';
import { offerAccess } from '../../app/connect/offer.ts';
import { oauthProvider } from '../../app/connect/setup.ts';
import { WellspringError } from '../../app/errors.ts';
import { findUser } from '../../app/people.ts';
import { openBrowser } from '../demo/browser.ts';
import type { LocalRuntime } from '../runtime.ts';
import { isServing } from '../serving.ts';
import { awaitOutcome } from './connect-outcome.ts';
import type { Context } from './context.ts';
import { beginThere } from './remote/connect.ts';

interface Options {
  readonly user: string;
  readonly open?: boolean;
}

export function describe(command: Command, context: Context): void {
  command
    .argument('<provider>', 'such as withings')
    .requiredOption('--user <user>', 'id or name')
    .option('--no-open', 'print the address and do not open a browser')
    .action((provider: string, options: Options) => connect(provider, options, context));
}

async function connect(id: string, options: Options, context: Context): Promise<void> {
  const provider = oauthProvider(id);
  const { interactive, environment, interrupted } = context.terminal;
  const server = await context.server();
  const begun =
    server === undefined
      ? await beginHere(id, options.user, context)
      : { start: undefined, ...(await beginThere(server, id, options.user, interrupted)) };
  const { name, url, start } = begun;
  if (start !== undefined) {
    context.say('! No server answers on this data directory, and only a server can take the way back.');
    context.say(`  → In another terminal: ${start}`);
  }
  context.say(`Open this address within ten minutes:\n${url}`);
  context.say(`Waiting for the answer of ${provider.name} in the browser … Ctrl-C stops.`);
  if (start === undefined && interactive && options.open !== false && !environment['CI']) openBrowser(url);
  const made = await begun.outcome();
  if (!made.ok) throw refused(made.code, provider.name);
  const { connection, granted, missing } = made;
  const lines = [
    `${name} is connected to ${provider.name} as ${connection.external_id}.`,
    ...(granted.length > 0 ? [`granted:  ${granted.join(', ')}`] : []),
    ...(missing.length > 0 ? [`missing:  ${missing.join(', ')}`] : []),
  ];
  context.print({ connection, granted, missing }, lines.join('\n'));
}

async function beginHere(provider: string, idOrName: string, context: Context) {
  const runtime = await context.open();
  const { user_id: userId, name } = await findUser(runtime, idOrName);
  const { id, url } = await offerAccess(runtime, { provider, userId });
  const outcome = async () => {
    const became = await awaitOutcome(runtime, id, context.terminal.interrupted);
    if (!became.ok) return became;
    const made = await connectionNamed(runtime, became.connection_id);
    return made === undefined ? { ok: false as const, code: 'connection_gone' } : { ok: true as const, ...made };
  };
  return { name, url, start: await missingServer(runtime, context), outcome };
}

/** The command that starts the server this address needs; undefined while one answers. */
async function missingServer({ state, publicUrl }: LocalRuntime, { globals }: Context): Promise<string | undefined> {
  if (await isServing(state)) return undefined;
  // Without a configured address it is the one of this machine, and the server must answer there.
  const { hostname, port } = new URL(publicUrl);
  const place = globals.dataDir === undefined ? '' : ` --data-dir "${globals.dataDir}"`;
  return `wellspring serve${hostname === '127.0.0.1' && port !== '' ? ` --port ${port}` : ''}${place}`;
}

/** What the person or the provider refused is exit code 3, a provider that did not answer 4. */
function refused(code: string, name: string): WellspringError {
  const unanswered = ['provider_unavailable', 'answer_lost', 'account_unknown', 'scopes_unknown', 'provider_error'];
  return new WellspringError({
    code,
    message: `${name} was not connected.`,
    detail: 'The page in the browser says why.',
    remedy: 'Run it again.',
    exit: unanswered.includes(code) ? 4 : 3,
  });
}
