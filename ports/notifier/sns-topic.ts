import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { type AwsConnection, clientSettings, told } from '../aws.ts';

/** What SNS writes in the place of a subscription nobody has said yes to. */
const PENDING = 'PendingConfirmation';

/** How many subscriptions a topic has, and how many of them wait for their reader's yes. Throws what `awsError` says. */
export function countSubscriptions(
  TopicArn: string,
  connection: AwsConnection = {},
): Promise<{ readonly all: number; readonly pending: number }> {
  const client = new SNSClient(clientSettings(connection));
  return told('Looking at the subscriptions of a topic', async () => {
    const found: (string | undefined)[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
      found.push(...Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn));
    return { all: found.length, pending: found.filter((arn) => arn === PENDING).length };
  });
}
