import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type AwsConnection, awsError, clientSettings } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import type { State } from '../state/state.ts';
import { letterName } from './letter.ts';
import type { Message, Notifier } from './notifier.ts';

const KIND = 'letter';
const DAY_MS = 86_400_000;
/** Summaries are about days of the last weeks at most. */
const REMEMBERED_DAYS = 60;
/** SNS takes 256 KB with the attributes, which are less than 1 KB. */
const LONGEST_BYTES = 255 * 1024;
/** The call ended before anything was sent. */
const NOT_SENT = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'CredentialsProviderError']);

/**
 * Messages on one SNS topic, each with the attribute `user_id`: every subscription filters on it, so nobody gets another person's. Marked
 * before it is sent, because a summary that comes twice is worse than one that does not come: whoever marked and then ended, or heard no
 * answer, leaves a mark, and nobody sends it again. The mark goes only when it is certain that nothing was taken.
 */
export function createSnsNotifier(options: {
  readonly topicArn: string;
  readonly state: Pick<State, 'put' | 'delete'>;
  readonly clock: Clock;
  readonly connection?: AwsConnection;
}): Notifier {
  const { topicArn, state, clock } = options;
  // A second try of the client could be a second mail.
  const client = new SNSClient(clientSettings({ ...options.connection, attempts: 1 }));
  return {
    async deliver(message) {
      const name = letterName(message);
      const publish = publication(topicArn, message);
      const expiresAt = clock.now() + REMEMBERED_DAYS * DAY_MS;
      const marked = await state.put(KIND, name, { at: clock.now() }, { expect: 0, expiresAt });
      if (!marked.ok) return 'already';
      try {
        await client.send(publish);
        return 'delivered';
      } catch (error) {
        // A mark that stays is one message less, and not two errors.
        if (isCertain(error)) await state.delete(KIND, name, { expect: marked.version }).catch(() => undefined);
        throw awsError(error, 'Sending a message');
      }
    },
  };
}

/** Throws `invalid_message` for a text that SNS would refuse; nothing of it is repeated. */
function publication(TopicArn: string, { userId, kind, subject, text }: Message): PublishCommand {
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_BYTES)
    throw new PortError('invalid_message', `A message of ${bytes} bytes was refused: too long.`);
  const named = { DataType: 'String', StringValue: userId };
  return new PublishCommand({
    TopicArn,
    Subject: subject,
    Message: text,
    MessageAttributes: { user_id: named, kind: { DataType: 'String', StringValue: kind } },
  });
}

/** Whether nothing was taken for certain: SNS itself refused, or was never reached. Without an answer the mail may be on its way. */
function isCertain(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return ('$fault' in error && error.$fault === 'client') || NOT_SENT.has(code);
}
