import { join } from 'node:path';
import type { Command } from 'commander';
import { WellspringError } from '../../app/errors.ts';
import { makeOwnerToken } from '../owner-token.ts';
import { replaceSecret } from '../secret.ts';
import type { Context } from './context.ts';

export function describe(command: Command, context: Context): void {
  command.action(async () => {
    const { originOf } = await context.configuration();
    if (originOf('ownerToken') === 'environment') throw fromEnvironment();
    const runtime = await context.open();
    const token = makeOwnerToken(runtime.ids);
    replaceSecret(join(context.dataDir, 'owner.token'), token, runtime.ids);
    // Whoever signed in with the old token signs in again.
    for (const { id } of await runtime.state.list('session')) await runtime.state.delete('session', id);
    context.print({ owner_token: token }, token);
    context.say('The old token and everything signed in with it have ended; a running server knows within a second.');
  });
}

function fromEnvironment(): WellspringError {
  return new WellspringError({
    code: 'token_from_environment',
    message: "The owner's token comes from WELLSPRING_OWNER_TOKEN.",
    remedy: 'Change the variable and start the server again.',
    exit: 2,
  });
}
