import type { Command } from 'commander';
import { described, connectionNamed } from '../../app/connect/describe.ts';
import { FLOW_MS } from '../../app/connect/flow.ts';
import { clientOf, oauthProvider } from '../../app/connect/setup.ts';
import { type Outcome, makeTicket, outcomeOf } from '../../app/connect/ticket.ts';
import { WellspringError } from '../../app/errors.ts';
import { findUser } from '../../app/people.ts';
import { openBrowser } from '../demo/browser.ts';
import type { LocalRuntime } from '../runtime.ts';
import type { Context } from './context.ts';

const LOOK_MS = 500;

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
  context.say(`Open this address within ten minutes (a running server answers it):\n${address}`);
  const { interactive, environment } = context.terminal;
  if (interactive && options.open !== false && !environment['CI']) openBrowser(address);
  const outcome = await waitFor(runtime, ticket.id, context);
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

/** Looks until something became of it; a time-out is exit code 9. */
async function waitFor(runtime: LocalRuntime, ticket: string, context: Context): Promise<Outcome> {
  const end = runtime.clock.now() + FLOW_MS;
  while (runtime.clock.now() < end) {
    const outcome = await outcomeOf(runtime, ticket);
    if (outcome !== null) return outcome;
    await runtime.clock.sleep(LOOK_MS, context.terminal.interrupted);
  }
  throw new WellspringError({
    code: 'timed_out',
    message: 'Nobody finished connecting within ten minutes.',
    remedy: 'Check that the server runs (wellspring serve) and run it again.',
    exit: 9,
  });
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
