import type { Command } from 'commander';
import { type Checked, checked, examine, findingOf } from '../../app/doctor/check.ts';
import { PortError } from '../../ports/errors.ts';
import { machineChecks } from '../doctor.ts';
import { configuration } from '../keys.ts';
import type { Server } from '../stack/server.ts';
import type { Context } from './context.ts';

const SIGNS = { ok: '✓', warn: '!', fail: '✗' } as const;

export function describe(command: Command, context: Context): void {
  command
    .option('--verbose', 'also where each key of the configuration came from')
    .action(async (options: { readonly verbose?: boolean }) => {
      const server = await context.server().catch(closed);
      const checks = server === undefined ? await examineHere(context) : await examineThere(context, server);
      // The configuration of a server is not here.
      const origins = options.verbose === true && server === undefined ? await readOrigins(context) : undefined;
      const lines = [
        ...checks.flatMap(linesOf),
        ...Object.entries(origins ?? {}).map(([key, origin]) => `  ${key}: ${origin}`),
      ];
      context.print({ checks, ...(origins && { configuration: origins }) }, lines.join('\n'));
      if (checks.some(({ state }) => state === 'fail')) context.exitCode = 1;
    });
}

async function examineHere(context: Context): Promise<readonly Checked[]> {
  const machine = { dataDir: context.dataDir, version: process.versions.node };
  return [...(await examine(machineChecks, machine)), ...(await examineRuntime(context))];
}

/** What AWS refuses of the owner's token is a finding; wrong usage is not. */
function closed(error: unknown): readonly Checked[] {
  if (!(error instanceof PortError)) throw error;
  const detail = `The owner's token of the stack could not be read, and nothing else was looked at. ${error.message}`;
  const remedy = 'Sign in to AWS (aws sts get-caller-identity says who you are), or pass the token with --token.';
  return [checked({ id: 'server', required: true }, { ok: false, detail, remedy })];
}

async function examineThere(context: Context, server: Server | readonly Checked[]): Promise<readonly Checked[]> {
  if (!('url' in server)) return server;
  const { examineServer } = await import('../stack/doctor/server.ts');
  const { createSystemClock } = await import('../../ports/clock/system.ts');
  context.say(`Asking ${server.url}, and sending it twenty deliveries …`);
  return examineServer(server, createSystemClock());
}

/** What can be looked at only once the data directory is open; that it cannot be opened is a finding too. */
async function examineRuntime(context: Context): Promise<readonly Checked[]> {
  const open = { id: 'open', required: true };
  try {
    const runtime = await context.open();
    const { doctor } = await import('../../app/doctor.ts');
    const opened = checked(open, {
      ok: true,
      detail: "The configuration is usable, the data and the owner's token are there.",
    });
    return [opened, ...(await doctor(runtime))];
  } catch (error) {
    return [checked(open, findingOf(error))];
  }
}

/** Origins alone: a value may be a secret. Without any where the configuration cannot be used, which is a finding by then. */
async function readOrigins(context: Context): Promise<Readonly<Record<string, string>>> {
  try {
    const { originOf } = await context.configuration();
    return Object.fromEntries(configuration.keyof().options.map((key) => [key, originOf(key)]));
  } catch {
    return {};
  }
}

/** The sentence names the provider and the person: what stands behind the first dot is for programs. */
function linesOf({ id, state, detail, remedy }: Checked): readonly string[] {
  return [
    `${SIGNS[state]} ${id.split('.')[0]}: ${detail}`,
    ...(state === 'ok' || remedy === null ? [] : [`  → ${remedy}`]),
  ];
}
