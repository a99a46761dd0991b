import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type AwsConnection, clientSettings, told } from '../aws.ts';
import type { Letter, Queue } from './queue.ts';

const AT_ONCE = 10;
const HIDDEN_S = 60;
/** Long enough that all servers of the queue are asked: a short look leaves out letters that are there. */
const WAIT_S = 1;

const WAITING: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

/** An SQS queue by its address. Throws what `awsError` says. */
export function createSqsQueue(options: { readonly url: string; readonly connection?: AwsConnection }): Queue {
  const { url: QueueUrl } = options;
  const client = new SQSClient(clientSettings(options.connection ?? {}));
  return {
    depth: () =>
      told('Looking at a queue', async () => {
        const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: WAITING });
        const { Attributes = {} } = await client.send(asked);
        return WAITING.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
      }),
    take: () =>
      told('Reading a queue', async () => {
        const asked = { QueueUrl, MaxNumberOfMessages: AT_ONCE, VisibilityTimeout: HIDDEN_S, WaitTimeSeconds: WAIT_S };
        const { Messages = [] } = await client.send(new ReceiveMessageCommand(asked));
        return Messages.flatMap(({ MessageId: id, Body: body = '', ReceiptHandle: handle }): Letter[] =>
          id === undefined || handle === undefined ? [] : [{ id, body, handle }],
        );
      }),
    remove: ({ handle: ReceiptHandle }) =>
      told('Removing a message of a queue', async () => {
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }),
  };
}
