import type { Command } from 'commander';
import { setClientSecret } from '../../app/client-secret.ts';
import { oauthProvider } from '../../app/connect/setup.ts';
import { WellspringError } from '../../app/errors.ts';
import type { Context } from './context.ts';

const LARGEST = 10_000;

export function describe(command: Command, context: Context): void {
  command
    .command('set')
    .description('reads the value from stdin')
    .argument('<name>', 'such as withings.clientSecret')
    // Both are taken so that they can be refused without being repeated: an argument is seen by everybody on the machine, and stays in the history.
    .argument('[value...]', 'never here: it comes on stdin')
    .allowUnknownOption()
    .action(async (name: string, value: readonly string[]) => {
      if (value.length > 0 || name.includes('=')) throw onTheCommandLine(name.split('=')[0] ?? '');
      const provider = oauthProvider(providerOf(name));
      const text = (await context.terminal.input?.()) ?? '';
      const runtime = await context.open();
      await setClientSecret(runtime, provider, text.slice(0, LARGEST));
      context.print({ secret: name, set: true }, `${name} is set. The one before, if any, counts for another day.`);
    });
}

function providerOf(name: string): string {
  const [, provider] = /^([a-z]+)\.clientSecret$/.exec(name) ?? [];
  if (provider !== undefined) return provider;
  throw new WellspringError({
    code: 'unknown_secret',
    message: 'There is no such secret.',
    remedy: 'Name it as <provider>.clientSecret, such as withings.clientSecret.',
    exit: 2,
  });
}

function onTheCommandLine(name: string): WellspringError {
  return new WellspringError({
    code: 'secret_on_command_line',
    message: 'A secret was given on the command line, and was not set.',
    detail: 'Other programs and the history of the shell see what is written there, so make a new one in the portal.',
    remedy: `Send it on stdin: wellspring secret set ${name} < FILE`,
    exit: 2,
  });
}
