import { WellspringError } from './errors.ts';
import { exclusively } from './exclusive.ts';
import type { WaitRuntime } from './lease.ts';
import type { Runtime } from './runtime.ts';

/** Tells where a person's messages go from now on. Throws `address_not_taken`: the person is as they are, and only that is to be said again. */
export async function setAddress(
  { addresses }: Pick<Runtime, 'addresses'>,
  userId: string,
  email: string | null,
): Promise<void> {
  try {
    await addresses?.set(userId, email);
  } catch (cause) {
    throw new WellspringError({
      code: 'address_not_taken',
      message: 'The person is kept, and their mail address could not be subscribed.',
      remedy: `Say it again: wellspring user set ${userId} --email <address>.`,
      status: 503,
      exit: 4,
      cause,
    });
  }
}

/** Ends what could not be ended before, while nobody gives an address: SNS keeps one subscription an address, and it may be wanted again. */
export async function settleAddresses(runtime: WaitRuntime & Pick<Runtime, 'addresses'>): Promise<void> {
  await exclusively(runtime, async () => runtime.addresses?.settle());
}
