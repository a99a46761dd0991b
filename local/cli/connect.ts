import type { Command } from 'commander';
import { described, connectionNamed } from '../../app/connect/describe.ts';
import { clientOf, oauthProvider } from '../../app/connect/setup.ts';
import { makeTicket } from '../../app/connect/ticket.ts';
import { WellspringError } from '../../app/errors.ts';
import { findUser } from '../../app/people.ts';
import { openBrowser } from '../demo/browser.ts';
import type { LocalRuntime } from '../runtime.ts';
import { isServing } from '../serving.ts';
import { awaitOutcome } from './connect-outcome.ts';
import type { Context } from './context.ts';

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

async function connect(name: string, options: Options, context: Context): Promise<void> {
  const provider = oauthProvider(name);
  const runtime = await context.open();
  const user = await findUser(runtime, options.user);
  await clientOf(runtime, provider);
  const ticket = await makeTicket(runtime, { provider: name, userId: user.user_id });
  const query = new URLSearchParams({ user_id: user.user_id, ticket: ticket.secret });
  const address = `${runtime.publicUrl}/oauth/${name}/start?${query.toString()}`;
  const start = await missingServer(runtime, context);
  if (start !== undefined) {
    context.say('! No server answers on this data directory, and only a server can take the way back.');
    context.say(`  → In another terminal: ${start}`);
  }
  context.say(`Open this address within ten minutes:\n${address}`);
  context.say(`Waiting for the answer of ${provider.name} in the browser … Ctrl-C stops.`);
  const { interactive, environment } = context.terminal;
  if (start === undefined && interactive && options.open !== false && !environment['CI']) openBrowser(address);
  const outcome = await awaitOutcome(runtime, ticket.id, context.terminal.interrupted);
  if (!outcome.ok) throw refused(outcome.code, provider.name);
  const made = await connectionNamed(runtime, outcome.connection_id);
  if (made === undefined) throw refused('connection_gone', provider.name);
  const { connection, granted, missing } = described(made.connection);
  const lines = [
    `${user.name} is connected to ${provider.name} as ${connection.external_id}.`,
    ...(granted.length > 0 ? [`granted:  ${granted.join(', ')}`] : []),
    ...(missing.length > 0 ? [`missing:  ${missing.join(', ')}`] : []),
  ];
  context.print({ connection, granted, missing }, lines.join('\n'));
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
