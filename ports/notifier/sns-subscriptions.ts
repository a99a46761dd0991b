import {
  GetSubscriptionAttributesCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { type AwsConnection, awsError, clientSettings, isRefusal } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import type { State } from '../state/state.ts';
import type { Addresses } from './addresses.ts';

interface Held {
  readonly email: string;
  readonly arn: string;
}

const KIND = 'address';
/** Subscriptions to be ended, by their ARN, which names nobody: noted before anything else happens, so that a crash leaves no reader behind. */
const ENDED = 'address_ended';
/** SNS drops what nobody confirms after two days. */
const ENDED_MS = 4 * 86_400_000;
/** No id of anybody: a subscription that filters on it gets nothing. */
const NOBODY = 'nobody';

const filterOf = (users: readonly string[]): string =>
  JSON.stringify({ user_id: users.length === 0 ? [NOBODY] : users });

/**
 * One e-mail subscription an address on one SNS topic, which filters on the attribute `user_id`: it gets the messages of whoever gave it and of nobody else. SNS
 * keeps one subscription an address, so that people who share one share it. Calls of `set` must come one after the other.
 */
export function createSnsAddresses(options: {
  readonly topicArn: string;
  readonly state: Pick<State, 'get' | 'list' | 'put' | 'delete'>;
  readonly clock: Clock;
  readonly connection?: AwsConnection;
}): Addresses {
  const { topicArn: TopicArn, state, clock } = options;
  const client = new SNSClient(clientSettings(options.connection ?? {}));

  /** The users and the subscription of an address. */
  async function holders(
    email: string,
  ): Promise<{ readonly users: readonly string[]; readonly arn: string | undefined }> {
    const held = (await state.list<Held>(KIND)).filter(({ value }) => value.email === email);
    return { users: held.map(({ id }) => id), arn: held[0]?.value.arn };
  }

  /** False when there is no such subscription any more. */
  async function filter(SubscriptionArn: string, users: readonly string[]): Promise<boolean> {
    const AttributeName = 'FilterPolicy';
    try {
      const AttributeValue = filterOf(users);
      await client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
      return true;
    } catch (error) {
      if (isRefusal(error, 'NotFoundException', 'NotFound')) return false;
      throw awsError(error, 'Changing who a mail subscription is for');
    }
  }

  /** Asks the reader, unless they have said yes already; the same again asks again. */
  async function subscribe(email: string, users: readonly string[]): Promise<string> {
    const Attributes = { FilterPolicy: filterOf(users) };
    const order = { TopicArn, Protocol: 'email', Endpoint: email, Attributes, ReturnSubscriptionArn: true };
    try {
      const { SubscriptionArn } = await client.send(new SubscribeCommand(order));
      if (SubscriptionArn !== undefined) return SubscriptionArn;
      throw new Error('no ARN');
    } catch (error) {
      // It is there already, and filters on somebody we know nothing of.
      if (isRefusal(error, 'InvalidParameterException', 'InvalidParameter')) throw taken();
      throw awsError(error, 'Subscribing an address');
    }
  }

  /** False while it has to be tried again. */
  async function end(arn: string): Promise<boolean> {
    const users = (await state.list<Held>(KIND)).filter(({ value }) => value.arn === arn).map(({ id }) => id);
    if (users.length > 0) {
      await filter(arn, users);
      return true;
    }
    // First deaf, then ended: what nobody has confirmed yet may not be ended, and must not begin to tell when somebody does.
    const isThere = await filter(arn, []).catch(() => true);
    if (!isThere) return true;
    try {
      await client.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
      return true;
    } catch (error) {
      if (isRefusal(error, 'NotFoundException', 'NotFound')) return true;
      if (isRefusal(error, 'InvalidParameterException', 'InvalidParameter')) return false;
      throw awsError(error, 'Ending a mail subscription');
    }
  }

  async function settle(): Promise<number> {
    let left = 0;
    for (const { id } of await state.list(ENDED)) {
      if (await end(id)) await state.delete(ENDED, id);
      else left += 1;
    }
    return left;
  }

  return {
    async set(userId, email) {
      const before = (await state.get<Held>(KIND, userId))?.value;
      if (before !== undefined && before.email !== email) {
        await state.put(ENDED, before.arn, {}, { expiresAt: clock.now() + ENDED_MS });
        await state.delete(KIND, userId);
      }
      if (email !== null) {
        const { users, arn } = await holders(email);
        const all = [...new Set([...users, userId])].toSorted();
        // Subscribing once more must say what the subscription says already, or it is refused.
        if (arn !== undefined) await filter(arn, all);
        await state.put(KIND, userId, { email, arn: await subscribe(email, all) } satisfies Held);
      }
      await settle();
    },
    async list() {
      const held = await state.list<Held>(KIND);
      return Promise.all(held.map(async ({ id: userId, value: { arn } }) => ({ userId, state: await stateOf(arn) })));
    },
    settle,
  };

  async function stateOf(SubscriptionArn: string): Promise<'confirmed' | 'pending' | 'gone'> {
    try {
      const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      return Attributes?.['PendingConfirmation'] === 'true' ? 'pending' : 'confirmed';
    } catch (error) {
      if (isRefusal(error, 'NotFoundException', 'NotFound')) return 'gone';
      throw awsError(error, 'Looking at a mail subscription');
    }
  }
}

function taken(): PortError {
  return new PortError('address_taken', 'The topic has a subscription of that address that was not made here.', {
    remedy: 'Delete it in the SNS console, or wait two days when nobody has confirmed it, and give the address again.',
  });
}
